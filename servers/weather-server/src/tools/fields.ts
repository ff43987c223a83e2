import * as z from "zod";
import { UNIT_SYSTEMS } from "../units/systems.ts";
import { MAX_VARIABLE_NAME, MAX_VARIABLES } from "../variables/choose.ts";

export const unitsInput = z.enum(UNIT_SYSTEMS).optional().describe("Of the values");

export const variablesInput = z
  .array(z.string().max(MAX_VARIABLE_NAME))
  .max(MAX_VARIABLES)
  .optional()
  .describe("Open-Meteo names");

export const daysInput = (max: number, usual: number) =>
  z.int().min(1).max(max).default(usual).describe("From today");

export const pastDaysInput = (max: number) =>
  z.int().min(0).max(max).default(0).describe("Days before today");
