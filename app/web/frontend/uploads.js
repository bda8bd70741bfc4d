// A file is sent as soon as it is chosen, with its progress; the server answers with the attachment's new block.

function show(block, words) {
  const wrong = block.querySelector("[data-upload-wrong]");
  wrong.textContent = words;
  wrong.hidden = words === "";
}

function send(block, body) {
  const progress = block.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", block.dataset.upload);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    progress.hidden = false;
    progress.max = event.total;
    progress.value = event.loaded;
  });
  request.addEventListener("load", () => replace(block, request));
  request.addEventListener("error", () => {
    progress.hidden = true;
    show(block, block.dataset.uploadFailed);
  });
  request.send(body);
}

function replace(block, request) {
  const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-upload]");
  if (answer === null) {
    block.querySelector("progress").hidden = true;
    show(block, block.dataset.uploadFailed);
    return;
  }
  const fresh = document.importNode(answer, true);
  block.replaceWith(fresh);
  watch(fresh);
  fresh.querySelector("input[type=file], a, button")?.focus();
}

function bodyFor(block) {
  const body = new FormData();
  body.set("csrf_token", document.querySelector("input[name=csrf_token]").value);
  return body;
}

function watch(block) {
  const input = block.querySelector("input[type=file]");
  input?.addEventListener("change", () => {
    const file = input.files[0];
    if (file === undefined) return;
    if (file.size > Number(block.dataset.maxBytes)) {
      show(block, block.dataset.tooLarge);
      input.value = "";
      return;
    }
    show(block, "");
    const body = bodyFor(block);
    body.set("file", file);
    send(block, body);
  });
  block.querySelector("[data-detach]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const body = bodyFor(block);
    body.set("remove", "yes");
    send(block, body);
  });
}

export function startUploads() {
  document.querySelectorAll("[data-upload]").forEach(watch);
}
