import type { Place } from "./place.ts";
import { normalize } from "./spelling.ts";

const pairs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(",").map((pair) => {
      const [short = "", long = ""] = pair.split(":");
      return [short, long];
    }),
  );

/** Postal abbreviations, which no gazetteer spells out: USPS Publication 28, Canada Post. */
const STATES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  US: pairs(
    "al:alabama,ak:alaska,az:arizona,ar:arkansas,ca:california,co:colorado,ct:connecticut,de:delaware,dc:district of columbia,fl:florida,ga:georgia,hi:hawaii,id:idaho,il:illinois,in:indiana,ia:iowa,ks:kansas,ky:kentucky,la:louisiana,me:maine,md:maryland,ma:massachusetts,mi:michigan,mn:minnesota,ms:mississippi,mo:missouri,mt:montana,ne:nebraska,nv:nevada,nh:new hampshire,nj:new jersey,nm:new mexico,ny:new york,nc:north carolina,nd:north dakota,oh:ohio,ok:oklahoma,or:oregon,pa:pennsylvania,ri:rhode island,sc:south carolina,sd:south dakota,tn:tennessee,tx:texas,ut:utah,vt:vermont,va:virginia,wa:washington,wv:west virginia,wi:wisconsin,wy:wyoming",
  ),
  CA: pairs(
    "ab:alberta,bc:british columbia,mb:manitoba,nb:new brunswick,nl:newfoundland and labrador,ns:nova scotia,nt:northwest territories,nu:nunavut,on:ontario,pe:prince edward island,qc:quebec,sk:saskatchewan,yt:yukon",
  ),
  AU: pairs(
    "nsw:new south wales,vic:victoria,qld:queensland,wa:western australia,sa:south australia,tas:tasmania,act:australian capital territory,nt:northern territory",
  ),
};

/** Other names of countries, by their code. */
const COUNTRIES = pairs(
  "usa:US,us of a:US,america:US,united states of america:US,uk:GB,great britain:GB,britain:GB,holland:NL,uae:AE,korea:KR,south korea:KR,north korea:KP,czech republic:CZ,ivory coast:CI",
);

/** Whether the place lies in what the words name: a country, a state or its abbreviation, a county. */
export function liesIn(place: Place, words: string): boolean {
  const wanted = normalize(words);
  if (wanted === "") return true;
  const code = place.countryCode ?? "";
  if (wanted === code.toLowerCase() || COUNTRIES[wanted] === code) return true;
  const state = STATES[code]?.[wanted];
  const names = [place.country, place.region, ...(place.divisions ?? [])].map((name) =>
    normalize(name ?? ""),
  );
  return names.some(
    (name) => name === wanted || name === state || ` ${name} `.includes(` ${wanted} `),
  );
}
