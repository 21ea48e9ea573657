import { Pencil } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { inputClass } from "@/components/ui/field";
import { useT } from "@/lib/i18n";

interface NameProps {
  name: string;
  shown: string;
  onSave: (name: string) => void;
}

export function EditableName({ name, shown, onSave }: NameProps) {
  const t = useT();
  const [text, setText] = useState<string | null>(null);
  const save = () => {
    if (text?.trim() && text.trim() !== name) onSave(text.trim());
    setText(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") save();
    if (event.key === "Escape") setText(null);
  };
  if (text !== null) {
    return (
      <input
        aria-label={t("field.name")}
        // biome-ignore lint/a11y/noAutofocus: the pencil was pressed to type here
        autoFocus
        value={text}
        maxLength={120}
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        onKeyDown={onKeyDown}
        className={`${inputClass} h-9 text-center`}
      />
    );
  }
  return (
    <p className="flex max-w-full items-center gap-1 pl-8">
      <span dir="auto" className="min-w-0 truncate font-semibold text-base">
        {shown}
      </span>
      <IconButton label={t("client.rename")} onClick={() => setText(name)}>
        <Pencil className="size-3.5!" />
      </IconButton>
    </p>
  );
}
