import * as z from "zod";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { planUsage, projectLinear } from "#shared/make-api/usage.ts";
import { showPayment } from "../domain/payment.ts";

const tool = toolsOf("billing");

const MAX_PAYMENTS = 200;

const billingSubscription = tool({
  name: "billing_subscription",
  title: "Subscription",
  description: "Plan, price, next bill and coupon of the organisation.",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /organizations/{organizationId}/subscription",
    "GET /organizations/{organizationId}",
  ],
  input: { organizationId: field.organizationId },
  output: {
    subscription: field.row("Product, price, next bill, coupon").optional(),
    plan: field.row("Plan, period and limits of the licence"),
  },
  async run(input, make) {
    const path = { organizationId: await make.organizationId(input.organizationId) };
    const organization = await make.get("GET /organizations/{organizationId}", { path });
    const subscription = await make.optional("subscription", () =>
      make.get("GET /organizations/{organizationId}/subscription", { path }),
    );
    return {
      ...(subscription && { subscription }),
      plan: {
        name: organization.productName ?? organization.serviceName ?? null,
        lastReset: organization.lastReset ?? null,
        nextReset: organization.nextReset ?? null,
        license: organization.license ?? null,
      },
    };
  },
});

const billingPayments = tool({
  name: "billing_payments",
  title: "Payments",
  description: "Past payments of the organisation; links to invoices are left out.",
  access: "read",
  sources: ["api"],
  calls: ["GET /organizations/{organizationId}/payments"],
  input: {
    organizationId: field.organizationId,
    limit: z.int().min(1).max(MAX_PAYMENTS).default(20).describe("Payments shown"),
  },
  output: {
    payments: field.rows("Newest first"),
    total: z.int().min(0).describe("Payments in all"),
  },
  async run({ organizationId, limit }, make) {
    const path = { organizationId: await make.organizationId(organizationId) };
    const all = await make.all("GET /organizations/{organizationId}/payments", { path });
    return { payments: all.slice(0, limit).map(showPayment), total: all.length };
  },
});

const billingUsage = tool({
  name: "billing_usage",
  title: "Usage against the plan",
  description:
    "Credits and operations of each day, what is used of the plan, and where that leads by the end of the period.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /organizations/{organizationId}",
    "GET /organizations/{organizationId}/usage",
    "GET /teams/{teamId}/usage",
  ],
  input: { organizationId: field.organizationId, teamId: field.onlyTeam },
  output: {
    usage: field.row("Unit, used, limit and left of the organisation's period"),
    projection: field.row("At the end of the period at this rate").optional(),
    days: field.rows("date, operations, credits, transfer in bytes; 30 days at most"),
  },
  async run(input, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const { teamId } = input;
    const organization = await make.get("GET /organizations/{organizationId}", {
      path: { organizationId },
    });
    const days =
      teamId === undefined
        ? await make.get("GET /organizations/{organizationId}/usage", { path: { organizationId } })
        : await make.get("GET /teams/{teamId}/usage", { path: { teamId } });
    const usage = planUsage(organization);
    const projection = projectLinear(usage, make.context.now());
    if (teamId !== undefined)
      make.warn("Only `days` is of the team: `usage` and `projection` are of the organisation.");
    return {
      usage: { ...usage },
      ...(projection && { projection: { ...projection } }),
      days: days.map(({ date, operations, centicredits, dataTransfer }) => ({
        date,
        operations,
        credits: centicredits == null ? null : centicredits / 100,
        transferBytes: dataTransfer ?? null,
      })),
    };
  },
});

const billingPlans = tool({
  name: "billing_plans",
  title: "Plans on sale",
  description: "Products and prices that Make offers to the organisation.",
  access: "read",
  sources: ["api"],
  calls: ["GET /cashier/products"],
  input: {
    organizationId: field.organizationId,
    type: z.enum(["PLAN", "EXTRA"]).default("PLAN").describe("Plans, or packs that add to one"),
  },
  output: { products: field.rows("With their prices") },
  async run({ organizationId, type }, make) {
    const query = { type, organizationId: await make.organizationId(organizationId) };
    return { products: await make.all("GET /cashier/products", { query }) };
  },
});

export const billing = [billingSubscription, billingPayments, billingUsage, billingPlans];
