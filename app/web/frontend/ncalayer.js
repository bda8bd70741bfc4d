// The signer's own program: NCALayer, or one that speaks its protocol, listens on the signer's machine.

export class NotRunning extends Error {}
export class Cancelled extends Error {}
export class Failed extends Error {}

// What the key has to be for, by the extended key usage in its certificate.
const PURPOSES = { signing: "1.3.6.1.5.5.7.3.4", login: "1.3.6.1.5.5.7.3.2" };

const HELLO = 5000; // milliseconds the program has to greet

function connect(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const late = setTimeout(() => {
      socket.close();
      reject(new NotRunning());
    }, HELLO);
    socket.addEventListener("error", () => {
      clearTimeout(late);
      reject(new NotRunning());
    });
    socket.addEventListener("message", () => {
      clearTimeout(late);
      resolve(socket);
    }, { once: true });
  });
}

function ask(socket, request) {
  return new Promise((resolve, reject) => {
    socket.addEventListener("message", (event) => resolve(JSON.parse(event.data)), { once: true });
    socket.addEventListener("close", () => reject(new NotRunning()), { once: true });
    socket.send(JSON.stringify(request));
  });
}

/** A detached CMS (base64, no frame) over these bytes by the person or organisation wanted; empty numbers ask for anyone. */
export async function sign({ bytes, ...wanted }) {
  const [cms] = await signAll({ documents: [bytes], ...wanted });
  return cms;
}

/** One CMS for each document, in their order, for one choice of the key and one password. */
export async function signAll({ url, documents, iin, bin, purpose = "signing", locale }) {
  const socket = await connect(url);
  try {
    const answer = await ask(socket, {
      module: "kz.gov.pki.knca.basics",
      method: "sign",
      args: {
        allowedStorages: null,
        format: "cms",
        data: documents.length === 1 ? toBase64(documents[0]) : documents.map(toBase64),
        signingParams: { decode: true, encapsulate: false, digested: false },
        signerParams: {
          extKeyUsageOids: [PURPOSES[purpose]],
          ...(iin && { iin }),
          ...(bin && { bin }),
        },
        locale,
      },
    });
    return readAnswer(answer, documents.length);
  } finally {
    socket.close();
  }
}

function readAnswer(answer, wanted) {
  if (answer.status !== true) throw new Failed([answer.message, answer.details].filter(Boolean).join(": "));
  const result = answer.body?.result;
  const given = Array.isArray(result) ? result : [result];
  if (given.length < wanted || given.some((cms) => !cms)) throw new Cancelled();
  return given.map((cms) => cms.replace(/-----[A-Z ]+-----/g, "").replace(/\s+/g, ""));
}

function toBase64(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}
