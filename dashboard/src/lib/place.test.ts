import { describe, expect, test } from "vitest";
import { degree, spotIn } from "./place";

const MASP = { latitude: -23.5614, longitude: -46.6559 };

describe("a place", () => {
  test.each([
    "-23.5614, -46.6559",
    "-23.5614,-46.6559",
    "(−23.5614 −46.6559)",
    "-23,5614; -46,6559",
    "-23,5614, -46,6559",
    "23.5614° S, 46.6559° W",
    "23,5614° S, 46,6559° O",
    "geo:-23.5614,-46.6559;u=35",
    "geo:-23.5614,-46.6559,760?z=17",
    "https://www.google.com/maps?q=-23.5614,-46.6559",
    "https://maps.google.com/?q=loc:-23.5614,-46.6559&z=17",
    "https://www.google.com/maps/search/?api=1&query=-23.5614%2C-46.6559",
    "https://www.google.com.br/maps/search/-23.5614,+-46.6559",
    "https://www.google.com/maps/@-23.5614,-46.6559,17z?entry=ttu",
    "maps.google.com/maps?ll=-23.5614,-46.6559",
    "https://www.google.com/maps/dir/?api=1&destination=-23.5614,-46.6559",
    "https://www.openstreetmap.org/?mlat=-23.5614&mlon=-46.6559#map=15/-23.5/-46.6",
    "https://www.openstreetmap.org/#map=17/-23.5614/-46.6559&layers=N",
    "https://maps.apple.com/?ll=-23.5614,-46.6559&t=m",
    "https://www.waze.com/ul?ll=-23.5614%2C-46.6559&navigate=yes",
    "We are here: https://www.google.com/maps?q=-23.5614,-46.6559",
  ])("is read from %s", (text) => {
    expect(spotIn(text)).toEqual({ ...MASP, name: "" });
  });

  test.each([
    [
      "https://www.google.com/maps/place/MASP+-+Museu+de+Arte/@-23.5,-46.6,17z/data=!3m1!4b1!8m2!3d-23.5614!4d-46.6559",
      "MASP - Museu de Arte",
    ],
    ["geo:0,0?q=-23.5614,-46.6559(MASP)", "MASP"],
  ])("has the pin, and its name, of %s", (text, name) => {
    expect(spotIn(text)).toEqual({ ...MASP, name });
  });

  test("is read in minutes and seconds", () => {
    const spot = spotIn(`23°33'41.0"S 46°39'21.2"W`);
    expect(spot?.latitude).toBeCloseTo(-23.56139, 4);
    expect(spot?.longitude).toBeCloseTo(-46.65589, 4);
  });

  test("may be in whole degrees", () => {
    expect(spotIn("-23,-46")).toEqual({ latitude: -23, longitude: -46, name: "" });
  });

  test.each([
    "",
    "Av. Paulista, 1578",
    "-91, 20",
    "20, 181",
    "-23.5614",
    "1, 2, 3",
    "https://maps.app.goo.gl/AbC123",
    "https://www.google.com/maps/place/MASP",
    "https://www.google.com/maps/%E0%A4%A",
    "geo:",
    "http://",
  ])("is not in %j", (text) => {
    expect(spotIn(text)).toBeNull();
  });
});

describe("degrees", () => {
  test.each([
    ["-23.55", -23.55],
    ["23,55 S", -23.55],
    ["90", 90],
    ["90.1", null],
    ["north", null],
    ["", null],
  ])("%s are %s", (text, value) => {
    expect(degree(text, "latitude")).toBe(value);
  });
});
