/** A UUID of version 4, as API keys are. */
export const STUB_TOKEN = "5f0c1b6e-8a34-4d3f-9a51-2f6f4f0a7c11";

/** How Make refuses. */
export interface Denial {
  status: number;
  message: string;
  code?: string;
  detail?: string;
  suberrors?: { name: string; message: string }[];
}

/** Thrown by a route to refuse. */
export class StubDenial extends Error {
  readonly denial: Denial;

  constructor(denial: Denial) {
    super(denial.message);
    this.name = "StubDenial";
    this.denial = denial;
  }
}

export const invalid = (name: string, message: string): StubDenial =>
  new StubDenial({
    status: 400,
    code: "SC400",
    message: "Validation failed for 1 parameter(s).",
    suberrors: [{ name, message }],
  });

export const notFound = (): StubDenial =>
  new StubDenial({ status: 404, code: "IM005", message: "Not found." });
