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
