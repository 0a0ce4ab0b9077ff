# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report does in the browser: filter, search and page through lists.

The lists are in the page as packed JSON (packed_data.py; page_data.py says in which form). Values
reach the page as text nodes only. The document never holds more than one page of a list, except
for printing.
"""

from __future__ import annotations

SCRIPT = r"""
'use strict';
(async function () {
if (!('DecompressionStream' in window)) {
  for (const status of document.querySelectorAll('[role=status]')) {
    status.textContent = 'This browser is too old to show the list. ' +
      'The same report can be made as Markdown or CSV.';
  }
  return;
}
const letters = atob(document.getElementById('data').textContent);
const bytes = new Uint8Array(letters.length);
for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
const data = await new Response(unpacked).json();
const number = count => count.toLocaleString('en');
// Letters that Unicode does not decompose into a letter and a mark
const PLAIN = {
  '\u0142': 'l', '\u00f8': 'o', '\u0111': 'd', '\u00df': 'ss',
  '\u00e6': 'ae', '\u0153': 'oe', '\u0131': 'i',
};
const UNDIVIDED = new RegExp('[' + Object.keys(PLAIN).join('') + ']', 'g');

function fold(text) {
  const bare = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return bare.replace(UNDIVIDED, letter => PLAIN[letter]);
}

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value) node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child));
  return node;
}
const badge = (text, tone) => make('span', {class: 'badge' + (tone ? ' ' + tone : '')}, text);

function values(texts, others, kind) {
  const label = kind === 'old' ? 'Before' : 'After';
  const cell = make('td', {role: 'cell', 'data-label': label});
  for (const text of texts) {
    const stays = texts.length > 1 && others.includes(text);
    cell.append(make('span', {class: kind + (stays ? ' same' : '')}, text));
  }
  if (!texts.length && others.length && kind === 'new') {
    cell.append(make('span', {class: 'muted'}, 'empty'));
  }
  return cell;
}
function row(name, before, after) {
  const rule = (data.rules || {})[name];
  const head = make('th', {scope: 'row', role: 'rowheader'}, name);
  if (rule && rule.source) {
    head.append(make('span', {class: 'source', title: rule.place}, 'from ' + rule.source));
  }
  const cells = [values(before, after, 'old'), values(after, before, 'new')];
  return make('tr', {role: 'row'}, head, ...cells);
}
function rowsOf(change) {
  const rows = (change.values || []).map(([name, before, after]) => row(name, before, after));
  if (change.to) rows.push(row('place', [change.dn || ''], [change.to]));
  if (change.groups && change.leaves_group) rows.push(row('group', change.groups, []));
  else if (change.groups) rows.push(row('group', [], change.groups));
  return rows;
}
const about = change => JSON.stringify(
  [change.action, change.reason, change.state, change.message, change.risk, change.risks]);

// Memberships of one kind that follow each other are shown as one change
function merged(changes) {
  const shown = [];
  for (const change of changes) {
    const last = shown.at(-1);
    if (change.group && last && last.groups && about(last) === about(change)) {
      last.groups.push(change.group);
    } else {
      shown.push(change.group ? {...change, groups: [change.group]} : change);
    }
  }
  return shown;
}

function actionHead(change) {
  const {actions, states} = data.tones;
  const attributes = {scope: 'rowgroup', role: 'rowheader', colspan: '3', class: 'act'};
  const head = make('th', attributes, badge(change.action, actions[change.action]));
  if (change.risk === 'high') {
    const risks = change.risks ? ': ' + change.risks.join(', ') : '';
    head.append(badge('high risk' + risks, 'warn'));
  }
  if (change.state !== 'planned') head.append(badge(change.state, states[change.state]));
  head.append(make('span', {class: 'why'}, change.reason));
  if (change.message) head.append(make('span', {class: 'result'}, change.message));
  return head;
}
function tableHead(hidden) {
  const heads = ['Attribute', 'Before', 'After'].map(
    text => make('th', {scope: 'col', role: 'columnheader'}, text));
  const attributes = {role: 'rowgroup', class: hidden ? 'unseen' : ''};
  return make('thead', attributes, make('tr', {role: 'row'}, ...heads));
}
function account(item) {
  const changes = merged(item.changes);
  const bare = changes.every(change => !rowsOf(change).length);
  const table = make('table', {class: 'diff', role: 'table'},
    make('caption', {class: 'unseen'}, 'Changes of ' + item.label), tableHead(bare));
  let last = null, body = null;
  for (const change of changes) {
    if (about(change) !== last) {
      last = about(change);
      body = make('tbody', {role: 'rowgroup'}, make('tr', {role: 'row'}, actionHead(change)));
      table.append(body);
    }
    body.append(...rowsOf(change));
  }
  const heading = make('h3', {}, item.label);
  return make('li', {}, heading, make('p', {class: 'place'}, item.dn), table);
}

function person(item) {
  if (!item.key) return null;
  if (!document.getElementById('changes')) return make('b', {}, item.label);
  return make('a', {href: '#' + new URLSearchParams({q: item.key})}, item.label);
}
function finding(item) {
  const place = [item.kind, item.place].filter(Boolean).join(' \u00b7 ');
  return make('li', {class: 'finding'},
    badge(item.severity, data.tones.severities[item.severity]),
    make('p', {}, item.message),
    make('p', {class: 'place'}, person(item), (item.key ? ' \u00b7 ' : '') + place));
}

function wordsOf(value, words) {
  if (typeof value === 'string') words.push(value);
  else if (value && typeof value === 'object') {
    for (const part of Object.values(value)) wordsOf(part, words);
  }
  return words;
}

function list(id, items, PAGE, parts, render, nouns) {
  const section = document.getElementById(id);
  if (!section) return null;
  const form = section.querySelector('form'), search = form.querySelector('input');
  const facets = [...form.querySelectorAll('select')];
  const status = section.querySelector('[role=status]');
  const place = section.querySelector('.items'), pager = section.querySelector('.pages');
  const shown = pager.querySelector('span'), buttons = [...pager.querySelectorAll('button')];
  const all = items.reduce((sum, item) => sum + parts(item).length, 0);
  const texts = new Array(items.length);
  let matching = [], page = 0, whole = false;

  function contains(index, terms) {
    if (texts[index] === undefined) texts[index] = fold(wordsOf(items[index], []).join('\n'));
    return terms.every(term => texts[index].includes(term));
  }
  function choose() {
    const chosen = facets.filter(facet => facet.value).map(facet => [facet.name, facet.value]);
    const meets = part => chosen.every(([name, value]) => part[name] === value);
    const terms = fold(search.value).split(/\s+/).filter(Boolean);
    let hits = 0;
    matching = items.filter((item, index) => {
      const met = parts(item).filter(meets).length;
      if (!met || (terms.length && !contains(index, terms))) return false;
      hits += met;
      return true;
    });
    page = 0;
    return hits;
  }
  function count(hits) {
    const words = [hits < all ? number(hits) + ' of ' + number(all) : number(all), nouns[0]];
    if (nouns[1]) words.push('of', number(matching.length), nouns[1]);
    status.textContent = words.join(' ') + (hits ? '' : ': nothing meets this filter');
  }
  function draw(hits) {
    const pages = Math.max(1, Math.ceil(matching.length / PAGE)), total = matching.length;
    const first = whole ? 0 : page * PAGE;
    const last = whole ? total : Math.min(first + PAGE, total);
    place.replaceChildren(...matching.slice(first, last).map(render));
    place.start = first + 1;
    if (hits !== undefined) count(hits);
    const range = number(first + 1) + ' to ' + number(last) + ' of ' + number(total);
    shown.textContent = total ? range : '';
    pager.hidden = total <= PAGE;
    for (const button of buttons) {
      button.disabled = button.value < 0 ? page === 0 : page >= pages - 1;
    }
  }
  function turn(step) {
    page = Math.min(Math.max(page + step, 0), Math.ceil(matching.length / PAGE) - 1);
    draw();
    section.querySelector('h2').scrollIntoView();
  }
  let waiting = 0;
  function update() {
    clearTimeout(waiting);
    waiting = setTimeout(() => { draw(choose()); remember(); }, 120);
  }
  search.addEventListener('input', update);
  for (const facet of facets) facet.addEventListener('change', update);
  form.addEventListener('submit', event => { event.preventDefault(); update(); });
  form.addEventListener('reset', () => setTimeout(update));
  for (const button of buttons) {
    button.addEventListener('click', () => turn(Number(button.value)));
  }

  function remember() {
    if (id !== 'changes') return;
    const fields = [['q', search.value], ...facets.map(facet => [facet.name, facet.value])];
    const wanted = new URLSearchParams(fields.filter(([, value]) => value));
    // A page without an address of its own keeps none
    try { history.replaceState(null, '', '#' + wanted); } catch { /* see above */ }
  }
  function recall(wanted) {
    search.value = wanted.get('q') || '';
    for (const facet of facets) {
      facet.value = wanted.get(facet.name) || '';
      if (facet.selectedIndex < 0) facet.value = '';
    }
    draw(choose());
  }
  function print(on) {
    if (whole === on) return;
    whole = on;
    draw();
  }
  draw(choose());
  form.hidden = false;
  return {recall, print, section};
}

const lists = [
  list('findings', data.findings || [], 10, item => [item], finding, ['findings', '']),
  list('changes', data.accounts || [], 25, item => item.changes, account,
    ['changes', 'accounts']),
].filter(Boolean);

function follow() {
  const changes = lists.find(one => one.section.id === 'changes');
  if (!changes || !location.hash.includes('=')) return;
  changes.recall(new URLSearchParams(location.hash.slice(1)));
  changes.section.querySelector('h2').focus();
  changes.section.scrollIntoView();
}
addEventListener('hashchange', follow);
follow();

const printing = on => { for (const one of lists) one.print(on); };
addEventListener('beforeprint', () => printing(true));
addEventListener('afterprint', () => printing(false));
matchMedia('print').addEventListener('change', event => printing(event.matches));

const expires = document.querySelector('[data-expires]');
if (expires && Date.parse(expires.dataset.expires) < Date.now()) {
  expires.append(' ', badge('expired', 'bad'));
}
document.documentElement.dataset.shown = 'all';
})();
"""
