import { cx } from "./cx";

// Eight quiet hues; the class names are whole so that Tailwind finds them.
const HUES = [
  "bg-[#d8ece4] text-[#0d5b45] dark:bg-[#17372c] dark:text-[#8fdcc0]",
  "bg-[#dde8f8] text-[#264f86] dark:bg-[#182c47] dark:text-[#a3c8f7]",
  "bg-[#f3e2ef] text-[#7d2f68] dark:bg-[#3a1d33] dark:text-[#f0b0dd]",
  "bg-[#f7e6d4] text-[#7b4512] dark:bg-[#3b2813] dark:text-[#f3c392]",
  "bg-[#e6e2f6] text-[#4d3f92] dark:bg-[#292246] dark:text-[#c6baf5]",
  "bg-[#f8e0de] text-[#8a2f2a] dark:bg-[#401d1b] dark:text-[#f7b3ae]",
  "bg-[#dcecef] text-[#1d5966] dark:bg-[#16333a] dark:text-[#98d7e4]",
  "bg-[#eaeccf] text-[#565a10] dark:bg-[#2f3112] dark:text-[#dce08f]",
];

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? "")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) as string)][0] ?? "") : "";
  return /\d|\+/.test(first) ? "#" : (first + last).toUpperCase();
}

function hue(seed: string): string {
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return HUES[sum % HUES.length] as string;
}

interface AvatarProps {
  name: string;
  seed?: string;
  size?: "sm" | "md" | "lg";
  presence?: "online" | "away" | "offline";
}

const SIZES = { sm: "size-7 text-2xs", md: "size-9 text-xs", lg: "size-14 text-lg" };
const DOTS = { online: "bg-[#1f9d6b]", away: "bg-[#d99a1c]", offline: "bg-line-strong" };

export function Avatar({ name, seed = name, size = "md", presence }: AvatarProps) {
  return (
    <span aria-hidden className="relative inline-flex shrink-0">
      <span
        className={cx("flex items-center justify-center rounded-full font-semibold", SIZES[size], hue(seed))}
      >
        {initials(name)}
      </span>
      {presence && (
        <span
          className={cx(
            "absolute -right-0.5 -bottom-0.5 size-2.5 rounded-full ring-2 ring-surface",
            DOTS[presence],
          )}
        />
      )}
    </span>
  );
}
