import { ToolError } from "#shared/core/errors.ts";
import type { ServiceSetup, ServiceValues } from "#shared/core/services.ts";
import type { WeatherConfig } from "./config.ts";
import { createNws } from "./nws/client.ts";
import { createOpenMeteo } from "./open-meteo/client.ts";
import { createGeocoder } from "./places/geocoder.ts";
import { createTally } from "./upstream/tally.ts";
import { recordedUntil } from "./upstream/tape.ts";

/** Everyone who is asked, with what is known of them: one for all calls of the server. */
async function openSources({ config, log, now }: ServiceSetup<WeatherConfig>) {
  const { WEATHER_REPLAY: replay, WEATHER_RECORD: record } = config;
  if (replay !== undefined && record !== undefined)
    throw new ToolError(
      "CONFIG_ERROR",
      "WEATHER_REPLAY and WEATHER_RECORD are both set: replays are no new recordings. Unset one.",
      { details: { reason: "replay_and_record" } },
    );
  const tally = createTally(now);
  const onStale = (key: string, error: ToolError) =>
    log.warn("An old answer was given, because a new one could not be had", {
      key,
      error: error.message,
    });
  const common = { replay, record, now, tally, onStale };
  const openMeteo = createOpenMeteo({
    ...common,
    hosts: { url: config.OPEN_METEO_URL, apiKey: config.OPEN_METEO_API_KEY },
  });
  const nws = createNws({ ...common, url: config.NWS_URL, userAgent: config.NWS_USER_AGENT });
  const recorded = replay === undefined ? undefined : await recordedUntil(replay);
  return {
    openMeteo,
    nws,
    geocoder: createGeocoder(openMeteo),
    tally,
    /** The time at which questions are asked: of a replay, that of its recording. */
    now: () => recorded ?? now(),
  };
}

type Sources = Awaited<ReturnType<typeof openSources>>;

export const services = {
  sources: {
    open: openSources,
    async close({ openMeteo, nws }: Sources) {
      await Promise.all([openMeteo.close(), nws.close()]);
    },
  },
};

export type WeatherServices = ServiceValues<typeof services>;
