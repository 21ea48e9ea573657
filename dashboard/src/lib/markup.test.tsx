import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { marked } from "./markup";

const html = (text: string) => renderToStaticMarkup(marked(text));

describe("a message's marks", () => {
  it("become elements", () => {
    expect(html("um *dois* _três_ ~quatro~")).toBe("um <strong>dois</strong> <em>três</em> <s>quatro</s>");
    expect(html("*a _b_*")).toBe("<strong>a <em>b</em></strong>");
    expect(html("```a *b*```")).toContain("a *b*</code>");
  });

  it("stay text where WhatsApp leaves them", () => {
    expect(html("2*3*4 e snake_case_name")).toBe("2*3*4 e snake_case_name");
    expect(html("* item")).toBe("* item");
  });

  it("link to http only, and not to the full stop after it", () => {
    expect(html("veja https://a.example/b?c=1.")).toContain('href="https://a.example/b?c=1"');
    expect(html("javascript:alert(1)")).toBe("javascript:alert(1)");
  });

  it("leave markup inert", () => {
    expect(html("<img src=x onerror=alert(1)>")).toBe("&lt;img src=x onerror=alert(1)&gt;");
  });

  it("finish on long hostile text", () => {
    const started = performance.now();
    html("*_~".repeat(1_365));
    html(`${"*".repeat(2_000)}a${"_".repeat(2_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
