// Sending a file with its progress, which fetch does not tell; errors are those of every other request.
import { ApiError, OfflineError } from "./http";

export interface Upload<Answer> {
  done: Promise<Answer>;
  cancel: () => void;
}

export class CancelledError extends Error {}

interface Options {
  key: string;
  onProgress: (share: number) => void;
}

export function upload<Answer>(path: string, form: FormData, { key, onProgress }: Options): Upload<Answer> {
  const request = new XMLHttpRequest();
  const done = new Promise<Answer>((resolve, reject) => {
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as Answer);
      else reject(refusal(request));
    });
    request.addEventListener("error", () => reject(new OfflineError("upload")));
    request.addEventListener("timeout", () => reject(new OfflineError("upload")));
    request.addEventListener("abort", () => reject(new CancelledError("upload")));
  });
  request.open("POST", path);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-Helpdesk", "1");
  request.setRequestHeader("Idempotency-Key", key);
  request.send(form);
  return { done, cancel: () => request.abort() };
}

function refusal(request: XMLHttpRequest): ApiError {
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(request.responseText) as Record<string, unknown>;
  } catch {
    // A proxy's HTML error page: the status says enough.
  }
  const code = typeof body.code === "string" ? body.code : `http_${request.status}`;
  const seconds = Number(request.getResponseHeader("Retry-After"));
  const detail = String(body.detail ?? body.title ?? request.statusText);
  return new ApiError(request.status, code, detail, body, seconds > 0 ? seconds : null);
}
