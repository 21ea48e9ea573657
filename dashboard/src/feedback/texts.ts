// The page is read once, by somebody on a phone: its three languages travel with it.
const en = {
  title: "How did we do?",
  about: "Choose from 1 to 5 stars.",
  stars: ["Very bad", "Bad", "Fair", "Good", "Very good"],
  comment: "Anything you want to tell us? (optional)",
  send: "Send",
  sending: "Sending…",
  thanks: "Thank you!",
  thanks_about: "Your feedback has been received.",
  used: "Already answered",
  used_about: "Thank you, your feedback has been received before.",
  expired: "This link has expired",
  expired_about: "It was valid for a few days only. Thank you all the same.",
  unknown: "This link is not valid",
  unknown_about: "Open it from the message once more, it may have been cut.",
  offline: "No connection",
  offline_about: "Nothing has been lost. Check your connection and try again.",
  failed: "That did not work",
  failed_about: "Please try again in a moment.",
  again: "Try again",
};

export type Texts = typeof en;

const pt: Texts = {
  title: "Como foi o atendimento?",
  about: "Escolha de 1 a 5 estrelas.",
  stars: ["Muito ruim", "Ruim", "Regular", "Bom", "Muito bom"],
  comment: "Quer nos contar algo? (opcional)",
  send: "Enviar",
  sending: "Enviando…",
  thanks: "Obrigado!",
  thanks_about: "Recebemos sua avaliação.",
  used: "Já respondido",
  used_about: "Obrigado, já recebemos sua avaliação.",
  expired: "Este link expirou",
  expired_about: "Ele valia só por alguns dias. Obrigado mesmo assim.",
  unknown: "Este link não é válido",
  unknown_about: "Abra de novo pela mensagem, ele pode ter sido cortado.",
  offline: "Sem conexão",
  offline_about: "Nada se perdeu. Verifique sua conexão e tente de novo.",
  failed: "Não deu certo",
  failed_about: "Tente de novo daqui a pouco.",
  again: "Tentar de novo",
};

const es: Texts = {
  title: "¿Cómo fue la atención?",
  about: "Elige de 1 a 5 estrellas.",
  stars: ["Muy mala", "Mala", "Regular", "Buena", "Muy buena"],
  comment: "¿Quieres contarnos algo? (opcional)",
  send: "Enviar",
  sending: "Enviando…",
  thanks: "¡Gracias!",
  thanks_about: "Recibimos tu valoración.",
  used: "Ya respondida",
  used_about: "Gracias, ya recibimos tu valoración.",
  expired: "Este enlace caducó",
  expired_about: "Solo valía unos días. Gracias de todos modos.",
  unknown: "Este enlace no es válido",
  unknown_about: "Ábrelo otra vez desde el mensaje, puede haberse cortado.",
  offline: "Sin conexión",
  offline_about: "No se perdió nada. Revisa tu conexión e inténtalo de nuevo.",
  failed: "No funcionó",
  failed_about: "Inténtalo de nuevo en un momento.",
  again: "Reintentar",
};

export const ALL: Record<string, Texts> = { pt, en, es };

export function textsFor(languages: readonly string[]): { code: string; texts: Texts } {
  for (const language of languages) {
    const code = language.slice(0, 2).toLowerCase();
    const texts = ALL[code];
    if (texts) return { code: code === "pt" ? "pt-BR" : code, texts };
  }
  return { code: "pt-BR", texts: pt };
}
