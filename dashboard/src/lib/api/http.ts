// One way to the API: JSON in and out, RFC 9457 problems as `ApiError`, no answer at all as `OfflineError`.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly body: Record<string, unknown>,
    readonly retryAfter: number | null,
  ) {
    super(detail);
  }

  /** The server's complaint about one field of the body, if any. */
  reasonFor(field: string): string | undefined {
    const errors = (this.body.errors ?? []) as { field: string; reason: string }[];
    return errors.find((error) => error.field === field || error.field.endsWith(`.${field}`))?.reason;
  }
}

export class OfflineError extends Error {}

type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  method?: string;
  body?: unknown;
  query?: Query;
  key?: string;
  signal?: AbortSignal;
}

let whenSignedOut: () => void = () => {};

/** Called when the server no longer knows us. */
export function onSignedOut(callback: () => void): void {
  whenSignedOut = callback;
}

export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export async function request<Answer>(path: string, options: Options = {}): Promise<Answer> {
  const { method = "GET", body, query, key, signal } = options;
  const headers: Record<string, string> = { Accept: "application/json" };
  // Proof that the request comes from our own script: the cookie alone is not enough for the server.
  if (method !== "GET") headers["X-Helpdesk"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let response: Response;
  try {
    response = await fetch(withQuery(path, query), {
      method,
      headers,
      signal,
      credentials: "same-origin",
      // What was done just before the page is left or reloaded still arrives.
      keepalive: method !== "GET",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new OfflineError(String(error));
  }
  if (response.ok) return (await readJson(response)) as Answer;
  throw await problem(response);
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
}

async function problem(response: Response): Promise<ApiError> {
  let body: Record<string, unknown> = {};
  try {
    body = ((await readJson(response)) ?? {}) as Record<string, unknown>;
  } catch {
    // A proxy's HTML error page: the status says enough.
  }
  const code = typeof body.code === "string" ? body.code : `http_${response.status}`;
  const detail = String(body.detail ?? body.title ?? response.statusText);
  const seconds = Number(response.headers.get("Retry-After"));
  // A wrong password is a 401 as well, and no reason to leave the page.
  if (code === "unauthenticated") whenSignedOut();
  return new ApiError(response.status, code, detail, body, seconds > 0 ? seconds : null);
}

export const get = <Answer>(path: string, query?: Query, signal?: AbortSignal) =>
  request<Answer>(path, { query, signal });
export const post = <Answer>(path: string, body?: unknown, key?: string) =>
  request<Answer>(path, { method: "POST", body: body ?? {}, key });
export const postEmpty = (path: string) => request<void>(path, { method: "POST" });
export const patch = <Answer>(path: string, body: unknown) =>
  request<Answer>(path, { method: "PATCH", body });
export const put = <Answer>(path: string, body: unknown) => request<Answer>(path, { method: "PUT", body });
export const remove = (path: string) => request<void>(path, { method: "DELETE" });
