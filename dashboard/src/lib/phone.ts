/** For reading only: Brazilian numbers grouped as people write them, others with the plus sign. */
export function prettyPhone(phone: string | null): string {
  if (!phone) return "";
  const digits = phone.replace(/\D/g, "");
  const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  if (brazil) return `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}`;
  return digits ? `+${digits}` : phone;
}

/** What to call a client: by name, or by a number that reads well; without either, nothing. */
export function clientName({ name, phone }: { name: string; phone: string | null }): string {
  return name === phone ? prettyPhone(phone) : name || prettyPhone(phone);
}

/** People write numbers with spaces, brackets and without the plus: the server wants E.164. */
export function e164(typed: string): string {
  const digits = typed.replace(/\D/g, "");
  if (typed.trim().startsWith("+")) return `+${digits}`;
  // Ten or eleven digits are a Brazilian area code and number.
  return digits.length === 10 || digits.length === 11 ? `+55${digits}` : `+${digits}`;
}

/** Whether what was typed can be a number: seven to fifteen digits after a country code (ITU-T E.164). */
export function isPhone(typed: string): boolean {
  return !/[^\d\s().+-]/.test(typed) && /^\+[1-9]\d{6,14}$/.test(e164(typed));
}
