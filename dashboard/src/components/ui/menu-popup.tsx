import { Menu as Base } from "@base-ui/react/menu";
import { Fragment } from "react";
import type { MenuEntry, MenuProps } from "./menu";

/** Mounted by the press that wants it: open from the start. */
export default function MenuPopup({ trigger, groups, header, side = "bottom" }: MenuProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align="end" sideOffset={6} className="z-50 outline-none">
          <Base.Popup className="min-w-44 rounded-xl border border-line bg-raised p-1 shadow-pop outline-none transition-opacity duration-100 data-[starting-style]:opacity-0">
            {header}
            {groups.map((entries, index) => (
              <Fragment key={entries[0]?.key}>
                {(index > 0 || header) && <Base.Separator className="mx-2 my-1 h-px bg-line" />}
                {entries.map((entry) => (
                  <Item key={entry.key} entry={entry} />
                ))}
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ entry }: { entry: MenuEntry }) {
  return (
    <Base.Item
      onClick={entry.onClick}
      className="flex h-8 cursor-default select-none items-center gap-2.5 rounded-lg px-2.5 text-ink outline-none data-[highlighted]:bg-hover pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:text-ink-3"
    >
      {entry.icon}
      <span className="flex-1">{entry.label}</span>
      {entry.shortcut && <kbd className="font-sans text-ink-3 text-xs">{entry.shortcut}</kbd>}
    </Base.Item>
  );
}
