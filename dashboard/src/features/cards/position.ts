// Where this browser is. It asks its owner first, each time somebody presses the button and never before.
import type { Spot } from "@/lib/place";

/** Why it is not known: not allowed, or not found. */
export type Lost = "denied" | "unknown";

const PATIENCE = 15_000;
const RECENT = 60_000;
/** Digits after the point: a tenth of a metre. */
const DIGITS = 6;

/** Browsers tell it to pages that nobody on the way can change. */
export const canBeFound = (): boolean => isSecureContext && "geolocation" in navigator;

export function position(): Promise<Spot | Lost> {
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          latitude: Number(coords.latitude.toFixed(DIGITS)),
          longitude: Number(coords.longitude.toFixed(DIGITS)),
          name: "",
        }),
      (error) => resolve(error.code === error.PERMISSION_DENIED ? "denied" : "unknown"),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: RECENT },
    );
  });
}
