// `render`: a Vega-Lite specification to an SVG text or a PNG picture. Reads nothing but the specification.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import * as vegaLite from 'vega-lite';
import { readAdvances } from './font.mjs';

const fontFolder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => join(fontFolder, name));
const [regular, bold] = fontFiles.map((file) => readAdvances(readFileSync(file)));

// Without a canvas vega guesses the width of a text from its length, which clips or wastes space.
vega.textMetrics.width = (item, text) => {
  const weight = item.fontWeight;
  const face = weight === 'bold' || weight === 'bolder' || Number(weight) >= 600 ? bold : regular;
  const width = face.width(text == null ? '' : String(text).trim(), vega.textMetrics.height(item));
  return item.limit > 0 ? Math.min(width, item.limit) : width; // vega shortens a text to its limit
};

const largestPicture = 64e6; // pixels
const largestScale = 8;

export async function run({ spec, format, scale = 1 }) {
  if (spec === null || typeof spec !== 'object') throw new Error('render needs a specification');
  if (!(scale > 0 && scale <= largestScale)) throw new Error(`the scale must be above 0 and at most ${largestScale}`);
  if (format !== 'svg' && format !== 'png') throw new Error(`no format '${format}'; there are svg, png`);
  const svg = await toSvg(spec);
  return { data: format === 'svg' ? svg : toPng(svg, scale) };
}

async function toSvg(spec) {
  const problems = [];
  const view = new vega.View(vega.parse(vegaLite.compile(spec, { logger: logger(problems) }).spec), {
    renderer: 'none',
    loader: offlineLoader(problems),
    logger: logger(problems),
  });
  try {
    const svg = await view.toSVG();
    if (problems.length) throw new Error(problems[0]);
    return svg;
  } finally {
    view.finalize();
  }
}

/** Vega writes an error down and draws what is left; here it must fail the request. */
function logger(problems) {
  const log = {
    level: () => log,
    warn: () => log,
    info: () => log,
    debug: () => log,
    error: (...words) => {
      problems.push(words.map((word) => word?.message ?? word).join(' '));
      return log;
    },
  };
  return log;
}

function offlineLoader(problems) {
  const refuse = async (uri) => {
    problems.push(`a chart may not load '${uri}': its data must be inline`);
    throw new Error(problems.at(-1));
  };
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

function toPng(svg, scale) {
  const picture = new Resvg(svg, {
    background: 'white',
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  const pixels = picture.width * picture.height * scale * scale;
  if (pixels > largestPicture) throw new Error(`a picture of ${Math.round(pixels / 1e6)} megapixels is too large`);
  return picture.render().asPng().toString('base64');
}
