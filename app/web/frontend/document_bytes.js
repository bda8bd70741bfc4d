// The bytes a signature covers, held against the digest that stands on the page.

import { Failed } from "./ncalayer.js";

/** `words` says what is wrong with them. */
export async function bytesOf(address, digest, words) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Failed(words.unreadable);
  const bytes = await answer.arrayBuffer();
  if (crypto.subtle && (await sha256(bytes)) !== digest) throw new Failed(words.changed);
  return bytes;
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
