import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, api, type FileToSend, OfflineError } from "../api";
import type { Message } from "../api/types";
import { CancelledError } from "../api/upload";
import { message } from "../testing";
import { Uploads } from "./uploads";

type Page = { items: Message[]; next: null };
let uploads: Uploads;
let accepted: ReturnType<typeof vi.fn<(message: Message) => void>>;
const answered = (): Promise<Page> => Promise.resolve({ items: [message(1)], next: null });
const settle = () => vi.advanceTimersByTimeAsync(0);

function file(name: string, caption = "") {
  const given = new File(["x"], name);
  return {
    attendance_id: "one",
    file: given,
    kind: "document" as const,
    url: "blob:x",
    caption,
    quote: null,
  };
}

/** What the server does with each upload, in turn. */
function server(...answers: (() => Promise<Page>)[]) {
  const names: string[] = [];
  vi.spyOn(api, "sendFile").mockImplementation((it: FileToSend) => {
    names.push(it.file.name);
    let refuse: (error: Error) => void = () => {};
    const cancelled = new Promise<Page>((_, reject) => {
      refuse = reject;
    });
    const done = Promise.race([(answers.shift() ?? answered)(), cancelled]);
    return { done, cancel: () => refuse(new CancelledError("upload")) };
  });
  return names;
}

beforeEach(() => {
  vi.useFakeTimers();
  accepted = vi.fn();
  uploads = new Uploads(accepted);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const never = () => new Promise<Page>(() => {});

describe("uploads", () => {
  it("go one after the other, in order", async () => {
    const names = server();
    for (const name of ["a", "b", "c"]) uploads.add(file(name));
    await settle();
    expect(names).toEqual(["a", "b", "c"]);
    expect(accepted).toHaveBeenCalledTimes(3);
    expect(uploads.unfinished).toBe(0);
  });

  it("do not wait for one that was refused, which can be tried again", async () => {
    const refused = () => Promise.reject(new ApiError(413, "too_large", "", {}, null));
    const names = server(refused);
    uploads.add(file("a"));
    uploads.add(file("b"));
    await settle();
    expect(uploads.of("one")).toMatchObject([{ state: "failed", failure: "too_large" }]);
    uploads.retry(uploads.of("one")[0]?.id as string);
    await settle();
    expect(names).toEqual(["a", "b", "a"]);
    expect(uploads.of("one")).toEqual([]);
  });

  it("start again when the connection is back", async () => {
    const names = server(() => Promise.reject(new OfflineError("gone")));
    uploads.add(file("a"));
    await vi.advanceTimersByTimeAsync(3_100);
    expect(names).toEqual(["a", "a"]);
    expect(accepted).toHaveBeenCalledTimes(1);
  });

  it("are cancelled, also while they run", async () => {
    const names = server(never);
    uploads.add(file("a"));
    uploads.add(file("b"));
    await settle();
    uploads.cancel(uploads.of("one")[0]?.id as string);
    await settle();
    expect(names).toEqual(["a", "b"]);
    expect(accepted).toHaveBeenCalledTimes(1);
    expect(uploads.of("one")).toEqual([]);
  });

  it("recognise their own message when the feed is faster than the answer", async () => {
    server(never);
    uploads.add(file("a", "our offer"));
    await settle();
    uploads.sawOwn({ id: "m", attendance_id: "one", kind: "document", text: "our offer" });
    expect(uploads.of("one")[0]?.seen).toBe("m");
  });
});
