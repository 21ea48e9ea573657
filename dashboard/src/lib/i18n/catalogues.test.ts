import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALL } from "../../feedback/texts";
import en from "../../locales/en.json";
import es from "../../locales/es.json";
import pt from "../../locales/pt-BR.json";
import phoneEn from "../../phone/locales/en.json";
import phoneEs from "../../phone/locales/es.json";
import phonePt from "../../phone/locales/pt-BR.json";
import { preferredLanguage, translate } from "./index";

type Texts = Record<string, string>;
const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => /\.tsx?$/.test(entry.name) && !entry.name.includes(".test."))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

const sets: [string, Texts, Texts, Texts][] = [
  ["dashboard", en, pt, es],
  ["phone", phoneEn, phonePt, phoneEs],
];

describe.each(sets)("the catalogues of the %s", (_name, english, portuguese, spanish) => {
  it("have the same keys", () => {
    expect(Object.keys(portuguese)).toEqual(Object.keys(english));
    expect(Object.keys(spanish)).toEqual(Object.keys(english));
  });

  it("have the same placeholders and no empty text", () => {
    for (const [key, text] of Object.entries(english)) {
      for (const other of [portuguese, spanish]) {
        expect(placeholders(other[key] ?? ""), key).toEqual(placeholders(text));
        expect(other[key]?.trim(), key).not.toBe("");
      }
    }
  });
});

describe("the dashboard's catalogue", () => {
  it("has no key that nothing uses", () => {
    const code = sources("src");
    // Keys made from a value, such as `delivery.${delivery}`.
    const made = [...code.matchAll(/`([a-z_.]+\.)\$\{/g)].map((match) => match[1] as string);
    const unused = Object.keys(en)
      .map((key) => key.replace(/_(one|other)$/, ""))
      .filter((key) => !code.includes(`"${key}"`) && !made.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});

describe("the feedback page's texts", () => {
  it("are the same in every language", () => {
    for (const texts of Object.values(ALL)) {
      expect(Object.keys(texts)).toEqual(Object.keys(ALL.en as object));
      expect(texts.stars).toHaveLength(5);
    }
  });
});

describe("a text", () => {
  const rules = new Intl.PluralRules("pt-BR");

  it("takes its values and its plural", () => {
    const texts = { x_one: "{{count}} carta", x_other: "{{count}} cartas", y: "Oi, {{name}}" };
    expect(translate(texts, rules, "x", { count: 1 })).toBe("1 carta");
    expect(translate(texts, rules, "x", { count: 7 })).toBe("7 cartas");
    // "many" in Portuguese, which has no form of its own here.
    expect(translate(texts, rules, "x", { count: 1_000_000 })).toBe("1000000 cartas");
    expect(translate(texts, rules, "y", { name: "Ana {{count}}" })).toBe("Oi, Ana {{count}}");
  });
});

describe("the language", () => {
  it("is the first one that the browser asks for and we have", () => {
    expect(preferredLanguage(["fr-FR", "es-AR", "en"])).toBe("es");
    expect(preferredLanguage(["en-GB"])).toBe("en");
    expect(preferredLanguage(["pt-PT"])).toBe("pt-BR");
    expect(preferredLanguage(["ja"])).toBe("pt-BR");
  });
});
