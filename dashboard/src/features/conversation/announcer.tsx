import { useEffect, useRef, useState } from "react";
import { useThread } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { inWords } from "@/lib/media";

/** Says a new message aloud, once; the list itself is silent because scrolling mounts old ones. */
export function Announcer({ id, name }: { id: string; name: string }) {
  const t = useT();
  const last = useThread(id).items.at(-1);
  const heard = useRef(last?.position ?? 0);
  const [text, setText] = useState("");
  useEffect(() => {
    if (!last || last.position <= heard.current) return;
    heard.current = last.position;
    if (last.direction === "inbound")
      setText(t("message.announce", { name, text: inWords(last).slice(0, 200) }));
  }, [last, name, t]);
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}
