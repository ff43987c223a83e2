import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import {
  allPolicies,
  CHECKS,
  checkPolicy,
  choosePolicies,
  MAX_POLICIES,
  policyInput,
  policyStore,
} from "../domain/policies.ts";

const tool = toolsOf("compliance-policy");

const policyId = field.name("Policy, from policies_list", 60);

const policiesList = tool({
  name: "policies_list",
  title: "List policies",
  description:
    "Policies of this server: the packs it comes with and own ones, and the checks that rules are made of. Labels such as SOC 2 only file a technical check; they claim no compliance.",
  access: "read",
  sources: ["local"],
  calls: [],
  input: {},
  output: {
    policies: field.rows("Id, title, labels, version, rules"),
    checks: field.row("What can be checked, and of what"),
  },
  async run(_, make) {
    const all = await allPolicies(make);
    return {
      policies: all.map(({ id, title, labels, version, rules }) => ({
        id,
        title,
        labels: labels ?? [],
        version,
        rules: rules.length,
      })),
      checks: { ...CHECKS },
    };
  },
});

const policiesGet = tool({
  name: "policies_get",
  title: "A policy",
  description: "One policy with its rules and waivers.",
  access: "read",
  sources: ["local"],
  calls: [],
  input: { policyId },
  output: { policy: field.row("Id, title, labels, version, rules, waivers") },
  async run({ policyId }, make) {
    const [policy] = await choosePolicies(make, [policyId]);
    return { policy: { ...policy } };
  },
});

const policiesPut = tool({
  name: "policies_put",
  title: "Store a policy",
  description: "Create a policy, or replace the one of the same id; its version goes up by one.",
  access: "write",
  local: true,
  sources: ["local"],
  calls: [],
  input: { policy: policyInput.describe("The whole policy") },
  output: {
    id: z.string().describe("Policy"),
    version: z.int().describe("Of it now"),
    created: z.boolean().describe("false: replaced"),
  },
  async run({ policy }, make) {
    checkPolicy(policy);
    const updatedAt = make.context.now().toISOString();
    return await policyStore(make).update(({ policies }) => {
      const before = policies.find(({ id }) => id === policy.id);
      const others = policies.filter(({ id }) => id !== policy.id);
      if (others.length >= MAX_POLICIES)
        throw new ToolError("CONFLICT", `${MAX_POLICIES} policies are kept: delete one first.`);
      const version = (before?.version ?? 0) + 1;
      return {
        value: { policies: [...others, { ...policy, version, updatedAt }] },
        result: { id: policy.id, version, created: before === undefined },
      };
    });
  },
});

const policiesDelete = tool({
  name: "policies_delete",
  title: "Delete a policy",
  description: "Delete one of the own policies; the packs stay.",
  access: "destroy",
  local: true,
  idempotent: true,
  sources: ["local"],
  calls: [],
  input: { policyId },
  output: { deleted: z.string().describe("Policy") },
  async run({ policyId }, make) {
    const store = policyStore(make);
    const { policies } = await store.read();
    const known = policies.find(({ id }) => id === policyId);
    if (!known)
      throw new ToolError(
        "NOT_FOUND",
        `There is no own policy ${policyId}; packs are not deleted.`,
      );
    make.confirmed({ wouldDelete: policyId, rules: known.rules.length });
    return await store.update((file) => ({
      value: { policies: file.policies.filter(({ id }) => id !== policyId) },
      result: { deleted: policyId },
    }));
  },
});

export const compliancePolicy = [policiesList, policiesGet, policiesPut, policiesDelete];
