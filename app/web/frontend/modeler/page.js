// What the pages have in common on which a file of a draft is edited: its addresses and facts stand in the attributes of the
// frame, the file is read, sent and held for who edits it.

import { say } from "./words.js";

export class DraftPage {
  constructor(frame) {
    this.frame = frame;
    this.addresses = JSON.parse(frame.dataset.addresses);
    this.file = frame.dataset.file;
    this.rev = Number(frame.dataset.rev);
    this.token = frame.dataset.csrf;
  }

  async drawing() {
    const answer = await fetch(this.addresses.drawing);
    if (!answer.ok) throw new Error(`${this.addresses.drawing}: ${answer.status}`);
    return decoded(new Uint8Array(await answer.arrayBuffer()));
  }

  /** Raises an Error with the sentence the server says and its status. */
  async post(address, sent, signal) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(sent), signal });
    if (answer.redirected) throw new Error(say("you are no longer signed in"));
    if (!answer.ok) throw Object.assign(new Error(await sentenceOf(answer)), { status: answer.status });
    return answer.status === 204 ? null : answer.json();
  }

  /** Somebody else may have opened the draft since the page was made: then it is shown, not edited. */
  async hold() {
    try {
      await this.post(this.addresses.hold, {});
    } catch (error) {
      if (error.status === 409) location.reload();
      else throw error;
    }
  }
}

async function sentenceOf(answer) {
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  return told.detail ?? String(answer.status);
}

function decoded(bytes) {
  const utf16 = { 0xfffe: "utf-16le", 0xfeff: "utf-16be", 0x3c00: "utf-16le", 0x003c: "utf-16be" }[(bytes[0] << 8) | bytes[1]];
  return new TextDecoder(utf16 ?? "utf-8").decode(bytes);
}

export function base64(text) {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000) binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
}

/** Opens a page on each such frame; what keeps it from opening is said in the note for that. */
export function openPages(Page, selector) {
  for (const frame of document.querySelectorAll(selector)) {
    new Page(frame).open().catch((error) => {
      const failed = document.getElementById("modeler-failed");
      failed.hidden = false;
      failed.append(` ${error.message}`);
    });
  }
}
