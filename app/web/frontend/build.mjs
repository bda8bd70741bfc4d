// Builds app/web/static/dist from the sources beside this file and the parts named in package-lock.json.
//
// Every address carries one build number (the digest of all outputs), which the application reads from dist/build.txt:
// files may then be cached for ever, and fonts keep plain names that the printing of letters can rely on.

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const parts = join(here, "../../../node_modules");
const dist = join(here, "../static/dist");

const FACES = {
  "noto-sans": ["400-normal", "600-normal", "700-normal", "400-italic"],
  "noto-serif": ["400-normal", "600-normal", "700-normal", "400-italic"],
};
const ALPHABETS = ["latin", "cyrillic", "cyrillic-ext"]; // Kazakh letters stand in cyrillic-ext

function copyFonts() {
  mkdirSync(join(dist, "fonts"), { recursive: true });
  for (const [family, styles] of Object.entries(FACES)) {
    for (const style of styles) {
      for (const alphabet of ALPHABETS) {
        const name = `${family}-${alphabet}-${style}.woff2`;
        copyFileSync(join(parts, "@fontsource", family, "files", name), join(dist, "fonts", name));
      }
    }
  }
}

function compileStyles(name) {
  const compiled = sass.compile(join(here, "styles", `${name}.scss`), {
    loadPaths: [parts],
    style: "compressed",
    quietDeps: true, // Bootstrap 5 still uses @import
    silenceDeprecations: ["import"],
  });
  writeFileSync(join(dist, `${name}.css`), compiled.css);
}

const SVG_STYLES = new Set(["fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "opacity"]);

/** The pages' content policy forbids style attributes in markup, with which some parts make their icons: SVG has attributes of
 * the same meaning, and what else they say stands in our style sheets. */
const withoutStyleAttributes = {
  name: "without-style-attributes",
  setup(build) {
    build.onLoad({ filter: /node_modules\/(@bpmn-io|bpmn-js|diagram-js)[^/]*\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/style="([^"$]*)"/g, (_, style) => asAttributes(style)),
      loader: "js",
    }));
  },
};

function asAttributes(style) {
  const rules = style.split(";").map((rule) => rule.split(":").map((part) => part.trim()));
  return rules.filter(([name]) => SVG_STYLES.has(name)).map(([name, value]) => `${name}="${value}"`).join(" ");
}

const WANTS_SHADOW = "!root.head && root.adoptedStyleSheets";

/** The editor of texts puts its rules into a style element, which the content policy forbids, unless it stands in a shadow root:
 * there it constructs a style sheet, which the policy allows. A document takes constructed sheets as well. */
const constructedStyles = {
  name: "constructed-styles",
  setup(build) {
    build.onLoad({ filter: /node_modules\/style-mod\/.*\.c?js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      if (!source.includes(WANTS_SHADOW)) throw new Error(`${path} no longer says "${WANTS_SHADOW}"`);
      return { contents: source.replace(WANTS_SHADOW, "root.adoptedStyleSheets"), loader: "js" };
    });
  },
};

/** The table editor makes its parts of markup with style attributes too, some of which must stay as they are written (its
 * licence): the same markup is made with styles the pages' content policy allows. Its editor of FEEL stays out, since cells are
 * written in our own language; the plain one takes its place. */
const forTables = {
  name: "for-tables",
  setup(build) {
    build.onResolve({ filter: /^min-dom$/ }, ({ importer }) =>
      /node_modules\/(dmn-js|table-js)/.test(importer) ? { path: join(here, "decisions/min_dom.js") } : undefined,
    );
    build.onResolve({ filter: /\/components\/LiteralExpression$/ }, () => ({
      path: join(parts, "dmn-js-shared/lib/components/ContentEditable.js"),
    }));
  },
};

async function bundleScripts() {
  await esbuild.build({
    entryPoints: ["theme", "app", "signing", "signing_desk", "diagram", "compare", "modeler", "passport", "decisions"].map((name) => join(here, `${name}.js`)),
    outdir: dist,
    bundle: true,
    format: "iife",
    minify: true,
    legalComments: "linked",
    target: ["es2022"],
    plugins: [withoutStyleAttributes, constructedStyles, forTables],
    loader: { ".woff2": "dataurl", ".woff": "dataurl", ".ttf": "dataurl", ".eot": "dataurl", ".svg": "dataurl" },
    logLevel: "warning",
  });
}

function buildNumber() {
  const digest = createHash("sha256");
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  for (const file of files) {
    digest.update(relative(dist, file)).update("\0").update(readFileSync(file));
  }
  return digest.digest("hex").slice(0, 12);
}

rmSync(dist, { recursive: true, force: true });
copyFonts();
copyFileSync(join(here, "emblem.svg"), join(dist, "emblem.svg"));
compileStyles("app");
compileStyles("modeler");
compileStyles("decisions");
await bundleScripts();
writeFileSync(join(dist, "build.txt"), buildNumber());
