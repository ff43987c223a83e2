/** A variable of a server's environment, as a client is told of it. */
export interface EnvVariable {
  name: string;
  /** Absent: the client takes it from its own environment, or asks for it. */
  value?: string;
  secret: boolean;
}

/** How a client reaches one server, in no client's words. */
export type Connection = {
  /** What the client calls it. */
  name: string;
  /** Name of its folder and its package: by this an entry is known as this server's. */
  server: string;
} & (
  | { kind: "stdio"; command: string; args: string[]; env: EnvVariable[] }
  | { kind: "http"; url: string; key?: EnvVariable }
);

export type StdioConnection = Extract<Connection, { kind: "stdio" }>;
export type HttpConnection = Extract<Connection, { kind: "http" }>;
