import { Download, FileArchive, FileSpreadsheet, FileText, FileType } from "lucide-react";
import type { Media } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { prettySize, useFileUrl } from "@/lib/media";

const ICONS: [RegExp, typeof FileText][] = [
  [/spreadsheet|excel|csv/, FileSpreadsheet],
  [/zip|gzip|7z/, FileArchive],
  [/pdf|word|text|rtf/, FileText],
];

/** A file that is not shown but fetched. Its name comes from a stranger: text, in its own direction. */
export function DocumentCard({ media }: { media: Media }) {
  const url = useFileUrl();
  const t = useT();
  const Icon = ICONS.find(([types]) => types.test(media.mime))?.[1] ?? FileType;
  const extension = /\.([a-z0-9]{1,5})$/i.exec(media.name)?.[1]?.toUpperCase();
  const about = [extension, media.size !== null && prettySize(media.size)].filter(Boolean).join(" · ");
  return (
    <a
      href={url(media)}
      download={media.name}
      data-document={media.id}
      className="group/card flex w-72 max-w-full items-center gap-3 rounded-xl bg-ink/5 px-3 py-2.5 hover:bg-ink/10"
    >
      <span className="flex size-10 shrink-0 items-center justify-center rounded-lg bg-surface text-accent-ink">
        <Icon aria-hidden className="size-5" />
      </span>
      <span className="min-w-0 flex-1">
        <bdi className="line-clamp-2 font-medium text-[0.8125rem] leading-4 [overflow-wrap:anywhere]">
          {media.name}
        </bdi>
        <span className="mt-0.5 block text-ink-2 text-xs">{about}</span>
        <span className="sr-only">{t("media.download")}</span>
      </span>
      <Download aria-hidden className="size-4 shrink-0 text-ink-2 group-hover/card:text-ink" />
    </a>
  );
}
