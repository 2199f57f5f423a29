// The advance widths of a TrueType font, by the OpenType tables `head`, `hhea`, `hmtx` and `cmap` (format 4).

export function readAdvances(file) {
  const tables = readDirectory(file);
  const unitsPerEm = file.readUInt16BE(tables.head + 18);
  const metrics = file.readUInt16BE(tables.hhea + 34);
  const glyphOf = readCharacterMap(file, tables.cmap);
  const known = new Map(); // character -> advance in em

  const advance = (character) => {
    let em = known.get(character);
    if (em === undefined) {
      const glyph = Math.min(glyphOf(character.codePointAt(0)), metrics - 1); // the last one stands for all that follow
      em = file.readUInt16BE(tables.hmtx + 4 * glyph) / unitsPerEm;
      known.set(character, em);
    }
    return em;
  };
  return { width: (text, size) => Array.from(text).reduce((sum, character) => sum + advance(character), 0) * size };
}

function readDirectory(file) {
  const tables = {};
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    const entry = 12 + 16 * i;
    tables[file.toString('latin1', entry, entry + 4)] = file.readUInt32BE(entry + 8);
  }
  return tables;
}

function readCharacterMap(file, cmap) {
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const table = cmap + file.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (file.readUInt16BE(table) === 4) return segmentLookup(file, table);
  }
  throw new Error('the font has no character map of format 4');
}

function segmentLookup(file, table) {
  const bytes = file.readUInt16BE(table + 6); // twice the number of segments
  const ends = table + 14;
  const starts = ends + bytes + 2;
  return (code) => {
    for (let s = 0; s < bytes; s += 2) {
      if (file.readUInt16BE(ends + s) < code) continue;
      const start = file.readUInt16BE(starts + s);
      if (start > code) return 0;
      const delta = file.readUInt16BE(starts + bytes + s);
      const offset = file.readUInt16BE(starts + 2 * bytes + s);
      if (offset === 0) return (code + delta) & 0xffff;
      const glyph = file.readUInt16BE(starts + 2 * bytes + s + offset + 2 * (code - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
