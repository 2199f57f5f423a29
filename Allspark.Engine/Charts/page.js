'use strict';

const font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: '#222222' };
const symbols = { circle: 'circle', square: 'square', triangleUp: 'triangle-up', triangleDown: 'triangle-down', diamond: 'diamond' };
const dashes = { solid: 'solid', dashed: 'dash', dotted: 'dot' };
const hidden = new Set();

const zip = (one, other, join) => one.map((value, i) => join(value, other[i]));
const middle = (one, other) => zip(one, other, (from, to) => (from + to) / 2);
const extent = (one, other) => zip(one, other, (from, to) => to - from);

/** A series as what plotly.js draws: boxes are bars with a base, all else is a scatter. */
function trace(series) {
  const shows = series.hover.some(text => text);
  const common = {
    meta: series.key, showlegend: false, customdata: series.hover,
    ...(shows ? { hovertemplate: '%{customdata}<extra></extra>' } : { hoverinfo: 'skip' }),
  };
  const marker = { color: series.colors ?? series.color, line: { width: 0 } };
  switch (series.shape) {
    case 'bars':
    case 'cells':
      return { ...common, type: 'bar', marker, x: middle(series.x, series.x2), width: extent(series.x, series.x2), base: series.y, y: extent(series.y, series.y2) };
    case 'intervals':
      return { ...common, type: 'bar', orientation: 'h', marker, y: middle(series.y, series.y2), width: extent(series.y, series.y2), base: series.x, x: extent(series.x, series.x2) };
    default:
      return {
        ...common, type: 'scatter', x: series.x, y: series.y, mode: { points: 'markers', curve: 'lines+markers', line: 'lines' }[series.shape],
        marker: { color: series.color, size: 8, symbol: symbols[series.marker] }, line: { color: series.color, width: 2, dash: dashes[series.dash] },
      };
  }
}

/** Values beyond the ends of bars: turned where bars are narrow, and none where they are too narrow for text. */
function labels(panel, turned) {
  return panel.labels.filter(label => !hidden.has(label.of)).map(label => ({
    x: label.x, y: panel.y.scale === 'log' ? Math.log10(label.y) : label.y, text: label.text, showarrow: false, captureevents: false,
    font: { ...font, size: 11 }, textangle: turned ? -90 : 0, yanchor: label.below ? 'top' : 'bottom', yshift: label.below ? -1 : 1, borderpad: 0,
  }));
}

function axis(data, panel, room) {
  const along = value => data.scale === 'log' ? Math.log10(value) : value;
  const length = along(data.high) - along(data.low);
  const range = [along(data.low) - (room.low * length), along(data.high) + (room.high * length)];
  return {
    type: data.scale === 'log' ? 'log' : 'linear', range, title: { text: data.title, font: { ...font, size: 13 }, standoff: 10 },
    tickmode: 'array', tickvals: data.positions, ticktext: data.labels, autotickangles: [0, -40, -90], ticklabeloverflow: 'allow', automargin: true,
    gridcolor: '#e2e2e2', showgrid: data.scale !== 'category', zeroline: false, ticks: 'outside', ticklen: 4, tickcolor: '#ffffff',
  };
}

function draw(panel, row) {
  const figure = document.createElement('figure');
  figure.style.width = `${panel.width + 130}px`;
  if (panel.title) {
    const caption = document.createElement('figcaption');
    caption.textContent = panel.title;
    figure.append(caption);
  }
  const place = document.createElement('div');
  figure.append(place);
  row.append(figure);

  const room = { low: panel.labels.some(label => label.below) ? 0.12 : 0, high: panel.labels.length ? 0.12 : 0 };
  const none = { low: 0, high: 0 };
  const layout = {
    font, height: panel.height + 110, margin: { l: 8, r: 12, t: 28, b: 8 }, barmode: 'overlay', bargap: 0, hovermode: 'closest',
    hoverlabel: { align: 'left', namelength: -1, font }, xaxis: axis(panel.x, panel, none), yaxis: axis(panel.y, panel, room),
    dragmode: 'zoom', autosize: true,
  };
  if (panel.series.some(series => series.shape === 'cells')) {
    layout.yaxis = { ...layout.yaxis, scaleanchor: 'x', constrain: 'domain' };
    layout.xaxis = { ...layout.xaxis, constrain: 'domain' };
  }
  else layout.xaxis = { ...layout.xaxis, showline: true, linecolor: '#888888' };
  Plotly.newPlot(place, panel.series.map(trace), layout, { responsive: true, displaylogo: false, modeBarButtonsToRemove: ['select2d', 'lasso2d'] });

  let shown = null;
  place.fitLabels = () => {
    const [from, to] = place._fullLayout.xaxis.range;
    const slot = Math.min(...panel.labels.map(label => label.slot)) * place._fullLayout.xaxis._length / Math.abs(to - from);
    const longest = Math.max(...panel.labels.map(label => label.text.length));
    const state = slot > longest * 7 ? 'upright' : slot > 13 ? 'turned' : 'none';
    const wanted = `${state} ${[...hidden].join()}`;
    if (shown === wanted) return;
    shown = wanted;
    Plotly.relayout(place, { annotations: state === 'none' ? [] : labels(panel, state === 'turned') });
  };
  const freeTicks = change => {
    for (const [name, data] of [['xaxis', panel.x], ['yaxis', panel.y]]) {
      const zoomed = `${name}.range[0]` in change, whole = `${name}.autorange` in change;
      if (data.scale !== 'category' && (zoomed || whole)) Plotly.relayout(place, { [`${name}.tickmode`]: 'auto' });
    }
  };
  place.on('plotly_relayout', freeTicks);
  if (panel.labels.length) {
    place.fitLabels();
    place.on('plotly_afterplot', place.fitLabels);
  }
  return place;
}

function sample(entry) {
  const box = '<rect x="5" y="1" width="12" height="12"/>';
  const line = `<path d="M0 7H22" stroke="${entry.color}" stroke-width="2" fill="none" stroke-dasharray="${{ solid: 'none', dashed: '6 3', dotted: '2 2' }[entry.dash]}"/>`;
  const point = { circle: '<circle cx="11" cy="7" r="4"/>', square: '<rect x="7" y="3" width="8" height="8"/>', triangleUp: '<path d="M11 2l5 9H6z"/>',
    triangleDown: '<path d="M11 12l5-9H6z"/>', diamond: '<path d="M11 1l5 6-5 6-5-6z"/>' }[entry.marker];
  const drawn = { points: point, curve: line + point, line }[entry.shape] ?? box;
  return `<svg width="22" height="14" fill="${entry.color}" aria-hidden="true">${drawn}</svg>`;
}

function legend(places) {
  const list = document.querySelector('.legend');
  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (name) made.className = name;
    list.append(made);
    return made;
  };
  let group = null;
  for (const entry of chart.legend) {
    if (entry.group !== group) {
      if (group !== null) element('span', '', 'break');
      if (entry.group) element('strong', entry.group);
      group = entry.group;
    }
    const button = element('button');
    button.type = 'button';
    button.title = 'Show or hide';
    button.setAttribute('aria-pressed', 'true');
    button.innerHTML = sample(entry);
    button.append(entry.name);
    button.addEventListener('click', () => {
      const key = `${entry.group}\n${entry.name}`;
      if (!hidden.delete(key)) hidden.add(key);
      button.setAttribute('aria-pressed', String(!hidden.has(key)));
      for (const place of places) {
        const indices = place.data.flatMap((item, i) => item.meta === key ? [i] : []);
        if (indices.length) Plotly.restyle(place, { visible: !hidden.has(key) }, indices);
      }
    });
  }
  for (const scale of chart.scales) {
    const item = element('span', '', 'scale');
    const bar = document.createElement('i');
    bar.style.background = `linear-gradient(to right, ${scale.stops.join(', ')})`;
    item.append(scale.low, bar, `${scale.high} ${scale.title}`);
  }
}

legend(chart.panels.flatMap(panels => {
  const row = document.createElement('div');
  row.className = 'panels';
  document.querySelector('main').append(row);
  return panels.map(panel => draw(panel, row));
}));
