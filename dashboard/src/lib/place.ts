// Places as people paste them: two numbers, or a link to a map. What a link does not say itself is not asked for
// anywhere: where a client is, is nobody else's business.

export interface Spot {
  latitude: number;
  longitude: number;
  /** Empty where only the spot is told. */
  name: string;
}

const MOST = { latitude: 90, longitude: 180 };
// 23°33'41.1"S, as maps write it
const MINUTES = /(\d{1,3})°\s*(\d{1,2})['′’]\s*(\d{1,2}(?:[.,]\d+)?)["″”]?/g;
const DEGREES = /^([-+]?)(\d{1,3}(?:[.,]\d+)?)([NSEWLO]?)$/i;
const SOUTH_OR_WEST = /[SWO]/i; // oeste
// Where links of Google, OpenStreetMap, Apple and Waze have it, the surest first.
const PARAMETERS = ["q", "query", "ll", "destination", "daddr", "coordinate", "center"];

/** Read one number of degrees, with a point or a comma; null when it is none, or not on Earth. */
export function degree(text: string, of: keyof typeof MOST): number | null {
  const [, sign, digits, side = ""] = DEGREES.exec(tidy(text)) ?? [];
  if (digits === undefined) return null;
  const value = Number(digits.replace(",", "."));
  if (value > MOST[of]) return null;
  return sign === "-" || SOUTH_OR_WEST.test(side) ? -value : value;
}

/** Find the place that a pair of numbers or a link names. */
export function spotIn(text: string): Spot | null {
  const link =
    /(?:https?:\/\/|geo:)\S+/i.exec(text)?.[0] ?? /^[\w-]+(?:\.[\w-]+)+\/\S+$/.exec(text.trim())?.[0];
  if (!link) return pair(text);
  const address = /^(https?|geo):/i.test(link) ? link : `https://${link}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "geo:" ? ofGeo(url) : ofMap(url);
}

function ofMap({ pathname, searchParams, hash }: URL): Spot | null {
  const path = decoded(pathname);
  const name = /\/place\/([^/@]+)/.exec(path)?.[1] ?? "";
  const pin = /!3d(-?[\d.]+)!4d(-?[\d.]+)/.exec(path);
  const seen = /@(-?[\d.]+),(-?[\d.]+)/.exec(path);
  const moved = /[#&]map=[\d.]+\/(-?[\d.]+)\/(-?[\d.]+)/.exec(hash);
  const candidates = [
    pin && `${pin[1]},${pin[2]}`,
    searchParams.has("mlat") && `${searchParams.get("mlat")},${searchParams.get("mlon")}`,
    ...PARAMETERS.map((one) => searchParams.get(one)?.replace(/^loc:/, "")),
    ...path.split("/"),
    seen && `${seen[1]},${seen[2]}`,
    moved && `${moved[1]},${moved[2]}`,
  ];
  for (const one of candidates) {
    const spot = one ? pair(one) : null;
    if (spot) return { ...spot, name: pair(name) ? "" : name };
  }
  return null;
}

/** RFC 5870, and what telephones add to it: `geo:0,0?q=-23.5,-46.6(Name)`. */
function ofGeo({ pathname, searchParams }: URL): Spot | null {
  const [, at = "", name = ""] = /^([^(]*)(?:\((.*)\))?$/.exec(searchParams.get("q") ?? "") ?? [];
  const [latitude = "", longitude = ""] = pathname.split(/[,;]/);
  const spot = pair(at) ?? pair(`${latitude},${longitude}`);
  return spot && { ...spot, name };
}

function pair(text: string): Spot | null {
  const clean = tidy(text).replace(/[()[\]]/g, "");
  // With a comma in the numbers, something else stands between them.
  const parts = clean.includes(".") ? clean.split(/[,;\s]+/) : clean.split(/,\s+|[;\s]+/);
  const [first, second, ...more] = parts.length === 1 ? clean.split(",") : parts;
  if (first === undefined || second === undefined || more.length > 0) return null;
  const [latitude, longitude] = [degree(first, "latitude"), degree(second, "longitude")];
  return latitude === null || longitude === null ? null : { latitude, longitude, name: "" };
}

function tidy(text: string): string {
  return text
    .replace(/−/g, "-")
    .replace(MINUTES, (_, d, m, s) => String(+d + +m / 60 + +s.replace(",", ".") / 3600))
    .replace(/°?\s*([NSEWLO])(?![a-z])/gi, "$1")
    .replace(/°/g, "")
    .trim();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path).replace(/\+/g, " ");
  } catch {
    return path;
  }
}
