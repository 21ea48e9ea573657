import type { ReactNode } from "react";

/** A titled part of the client panel. */
export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-line border-t px-4 py-3">
      <h3 className="mb-2 font-medium text-ink-3 text-xs">{title}</h3>
      {children}
    </section>
  );
}
