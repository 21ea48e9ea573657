import { describe, expect, it } from "vitest";
import type { Template } from "@/lib/api/types";
import { choiceOf, filled, sorted } from "./filling";

const template = (name: string, language: string): Template => ({
  name,
  language,
  category: "utility",
  header: "Order {{1}}",
  body: "Hello {{1}}, {{ day }}.",
  footer: null,
  buttons: [],
  variables: [
    { key: "header.1", part: "header", name: "1", button: 0, example: "" },
    { key: "1", part: "body", name: "1", button: 0, example: "" },
  ],
});

describe("a template", () => {
  it("shows what was typed, and braces for the rest", () => {
    const values = { "header.1": "42", "1": "Rita {{day}}", day: " " };
    expect(filled("Order {{1}}", "header", values)).toBe("Order 42");
    expect(filled("Hello {{1}}, {{ day }}.", "body", values)).toBe("Hello Rita {{day}}, {{ day }}.");
  });

  it("is sent with its own variables only", () => {
    const choice = choiceOf(template("a", "en"), { "1": "Rita", other: "x" });
    expect(choice).toEqual({ name: "a", language: "en", variables: { "header.1": "", "1": "Rita" } });
  });

  it("comes first in the reader's language", () => {
    const listed = sorted([template("a", "es"), template("c", "pt_BR"), template("b", "pt_PT")], "pt-BR");
    expect(listed.map(({ name }) => name)).toEqual(["b", "c", "a"]);
  });
});
