import { X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useT } from "@/lib/i18n";

interface TagsProps {
  tags: string[];
  onChange: (tags: string[]) => void;
}

export function Tags({ tags, onChange }: TagsProps) {
  const t = useT();
  const [text, setText] = useState("");
  const add = () => {
    const tag = text.trim();
    if (tag && !tags.includes(tag)) onChange([...tags, tag]);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && text === "" && tags.length > 0) {
      onChange(tags.slice(0, -1));
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {tags.map((tag) => (
        <span
          key={tag}
          className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-md bg-accent-soft pr-0.5 pl-2 text-accent-ink text-xs"
        >
          <span className="truncate">{tag}</span>
          <button
            type="button"
            aria-label={t("client.remove_tag", { tag })}
            onClick={() => onChange(tags.filter((one) => one !== tag))}
            className="rounded p-1 hover:bg-ink/10"
          >
            <X aria-hidden className="size-3" />
          </button>
        </span>
      ))}
      <input
        aria-label={t("client.add_tag")}
        placeholder={t("client.add_tag")}
        value={text}
        maxLength={40}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={add}
        className="h-7 min-w-24 flex-1 rounded-md bg-transparent px-1 text-[0.8125rem] pointer-coarse:h-10 pointer-coarse:text-base"
      />
    </div>
  );
}
