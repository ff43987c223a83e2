import * as z from "zod";
import { definePrompt } from "#shared/core/definition.ts";
import type { WeatherConfig } from "../config.ts";
import { completePlace } from "../places/complete.ts";
import { MAX_PLACE_TEXT } from "../places/place.ts";
import type { WeatherServices } from "../services.ts";

const MAX_ACTIVITY = 200;
const ACTIVITIES = [
  "cycling",
  "gardening",
  "hiking",
  "photography",
  "running",
  "sailing",
  "skiing",
];

const inputs = z.object({
  place: z.string().min(1).max(MAX_PLACE_TEXT).describe("Where"),
  date: z.string().max(40).default("tomorrow").describe("When: a date, or a word such as Saturday"),
  activity: z.string().max(MAX_ACTIVITY).default("being outdoors").describe("What for"),
});

export const planDayOutdoors = definePrompt<typeof inputs, WeatherConfig, WeatherServices>({
  name: "plan_day_outdoors",
  title: "Plan a day outdoors",
  description: "The best hours of a day for an activity, and what could go wrong",
  arguments: inputs,
  complete: (name, value, context) => {
    if (name === "place") return completePlace(value, context);
    return name === "activity" ? ACTIVITIES.filter((one) => one.startsWith(value)) : [];
  },
  get: ({ place, date, activity }) => ({
    description: `${activity} at ${place}`,
    messages: [
      {
        role: "user",
        content: {
          type: "text",
          text: [
            `Plan ${JSON.stringify(activity)} at ${JSON.stringify(place)} for ${JSON.stringify(date)}.`,
            'Use forecast with step "hour", preset "outdoor" and confidence "models"; in the United States also alerts; with hay fever or smog in question also air_quality.',
            "Name the best hours with their local time, what to wear and bring, and how sure the models are. Say what is missing instead of guessing it. End with the source line.",
          ].join("\n"),
        },
      },
    ],
  }),
});
