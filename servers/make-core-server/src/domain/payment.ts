import type { Row } from "#shared/make-api/endpoints.ts";

type Payment = Row<"GET /organizations/{organizationId}/payments">;

/** A payment without its invoice links: they are signed, and whoever has one reads the invoice. */
export function showPayment(payment: Payment): Record<string, unknown> {
  const kept = Object.entries(payment).filter(([name]) => !/url$/i.test(name));
  return Object.fromEntries(kept);
}
