import { describe, expect, test } from "vitest";
import { clientName, e164, isPhone, prettyPhone } from "./phone";

describe("a phone number", () => {
  test.each([
    ["+5521912345678", "+55 21 91234-5678"],
    ["+552112345678", "+55 21 1234-5678"],
    ["+351912345678", "+351912345678"],
    [null, ""],
  ])("%s reads %s", (phone, read) => {
    expect(prettyPhone(phone)).toBe(read);
  });
});

describe("a client", () => {
  test.each([
    [{ name: "Ana", phone: "+5521912345678" }, "Ana"],
    [{ name: "+5521912345678", phone: "+5521912345678" }, "+55 21 91234-5678"],
    [{ name: "", phone: "+5521912345678" }, "+55 21 91234-5678"],
    [{ name: "998877@lid", phone: null }, "998877@lid"],
    [{ name: "", phone: null }, ""],
  ])("%o is called %s", (client, called) => {
    expect(clientName(client)).toBe(called);
  });
});

describe("a typed number", () => {
  test.each([
    ["+55 (11) 98888-0001", "+5511988880001"],
    ["11 98888-0001", "+5511988880001"],
    ["5511988880001", "+5511988880001"],
    ["+1 415 555 0100", "+14155550100"],
  ])("%s becomes %s", (typed, number) => {
    expect(e164(typed)).toBe(number);
    expect(isPhone(typed)).toBe(true);
  });

  test.each(["", "12", "+0 11 98888-0001", "+55 11 98888-0001 0000", "eleven", "98888-0001 ext. 3"])(
    "%j is none",
    (typed) => {
      expect(isPhone(typed)).toBe(false);
    },
  );
});
