import { describe, expect, test } from "vitest";
import { clientName, prettyPhone } from "./phone";

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
