# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report does in the browser: filter, search and page through lists that stand in the page as JSON.

Values reach the page as text nodes only. No more than one page of a list is in the document, but for printing.
"""

from __future__ import annotations

SCRIPT = r"""
'use strict';
(function () {
const data = JSON.parse(document.getElementById('data').textContent);
const number = count => count.toLocaleString('en');
const PLAIN = {'\u0142': 'l', '\u00f8': 'o', '\u0111': 'd', '\u00df': 'ss', '\u00e6': 'ae', '\u0153': 'oe', '\u0131': 'i'};
const WHOLE = new RegExp('[' + Object.keys(PLAIN).join('') + ']', 'g');  // letters that are no others with a mark
const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(WHOLE, letter => PLAIN[letter]);

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) if (value !== null) node.setAttribute(name, value);
  node.append(...children.filter(child => child !== null && child !== ''));
  return node;
}
const badge = (text, tone) => make('span', {class: 'badge' + (tone ? ' ' + tone : '')}, text);

const SEVERITY = {error: 'bad', warning: 'warn', info: 'info'};
const ACTION = {create: 'good', enable: 'good', group_add: 'good', create_ou: 'good', disable: 'bad', delete: 'bad', group_remove: 'warn',
  move: 'info', rename: 'info', update: 'info'};
const STATE = {applied: 'good', refused: 'bad', unknown: 'bad', skipped: 'warn', 'not attempted': 'warn'};

function values(texts, others, kind) {
  const cell = make('td', {role: 'cell', 'data-label': kind === 'old' ? 'Before' : 'After'});
  for (const text of texts) cell.append(make('span', {class: kind + (texts.length > 1 && others.includes(text) ? ' same' : '')}, text));
  if (!texts.length && others.length && kind === 'new') cell.append(make('span', {class: 'muted'}, 'empty'));
  return cell;
}
function row(name, before, after) {
  const rule = (data.rules || {})[name];
  const head = make('th', {scope: 'row', role: 'rowheader'}, name);
  if (rule && rule.source) head.append(make('span', {class: 'source', title: rule.place || null}, 'from ' + rule.source));
  return make('tr', {role: 'row'}, head, values(before, after, 'old'), values(after, before, 'new'));
}
function rowsOf(change) {
  const rows = (change.values || []).map(([name, before, after]) => row(name, before, after));
  if (change.to) rows.push(row('place', [change.dn || ''], [change.to]));
  if (change.groups) rows.push(change.action === 'group_remove' ? row('group', change.groups, []) : row('group', [], change.groups));
  if (change.password) rows.push(row('password', [], ['(random, shown to nobody)']));
  return rows;
}
const about = change => JSON.stringify([change.action, change.reason, change.state, change.message, change.risk, change.risks]);

function folded(changes) {
  const found = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (change.group && last && last.groups && about(last) === about(change)) last.groups.push(change.group);
    else found.push(change.group ? {...change, groups: [change.group]} : change);
  }
  return found;
}

function account(item) {
  const changes = folded(item.changes), bare = changes.every(change => !rowsOf(change).length);
  const table = make('table', {class: 'diff', role: 'table'},
    make('caption', {class: 'unseen'}, 'Changes of ' + (item.name || item.key)),
    make('thead', {role: 'rowgroup', class: bare ? 'unseen' : null}, make('tr', {role: 'row'}, ...['Attribute', 'Before', 'After'].map(
      text => make('th', {scope: 'col', role: 'columnheader'}, text)))));
  let last = null, body = null;
  for (const change of changes) {
    if (about(change) !== last) {
      last = about(change);
      const head = make('th', {scope: 'rowgroup', role: 'rowheader', colspan: '3', class: 'act'});
      head.append(badge(change.action, ACTION[change.action]));
      if (change.risk === 'high') head.append(badge('high risk' + (change.risks ? ': ' + change.risks.join(', ') : ''), 'warn'));
      if (change.state !== 'planned') head.append(badge(change.state, STATE[change.state]));
      head.append(make('span', {class: 'why'}, change.reason || ''));
      if (change.message) head.append(make('span', {class: 'told'}, change.message));
      body = make('tbody', {role: 'rowgroup'}, make('tr', {role: 'row'}, head));
      table.append(body);
    }
    body.append(...rowsOf(change));
  }
  return make('li', {}, make('h3', {}, item.name || item.dn, item.key ? make('span', {class: 'key'}, item.key) : ''),
    make('p', {class: 'place'}, item.dn), table);
}
function finding(item) {
  const place = [item.kind, item.place].filter(Boolean).join(' \u00b7 ');
  const known = item.key && document.getElementById('changes');
  const key = item.key && known ? make('a', {href: '#' + new URLSearchParams({q: item.key})}, item.key) : make('b', {}, item.key || '');
  return make('li', {class: 'finding'}, badge(item.severity, SEVERITY[item.severity]), make('p', {}, item.message),
    make('p', {class: 'place'}, key, (item.key ? ' \u00b7 ' : '') + place));
}

function wordsOf(value, found) {
  if (typeof value === 'string') found.push(value);
  else if (value && typeof value === 'object') for (const part of Object.values(value)) wordsOf(part, found);
  return found;
}

function list(id, items, PAGE, parts, render, nouns) {
  const section = document.getElementById(id);
  if (!section) return null;
  const form = section.querySelector('form'), status = section.querySelector('[role=status]'), place = section.querySelector('.items');
  const pager = section.querySelector('.pages'), search = form.querySelector('input'), facets = [...form.querySelectorAll('select')];
  const shown = pager.querySelector('span'), all = items.reduce((sum, item) => sum + parts(item).length, 0);
  const texts = new Array(items.length);
  let matching = [], page = 0, whole = false;

  function choose() {
    const chosen = facets.filter(facet => facet.value).map(facet => [facet.name, facet.value]);
    const terms = fold(search.value).split(/\s+/).filter(Boolean);
    let hits = 0;
    matching = items.filter((item, index) => {
      const found = parts(item).filter(part => chosen.every(([name, value]) => part[name] === value)).length;
      if (!found) return false;
      if (terms.length) {
        if (texts[index] === undefined) texts[index] = fold(wordsOf(item, []).join('\n'));
        if (!terms.every(term => texts[index].includes(term))) return false;
      }
      hits += found;
      return true;
    });
    page = 0;
    return hits;
  }
  function draw(hits) {
    const pages = Math.max(1, Math.ceil(matching.length / PAGE));
    const first = whole ? 0 : page * PAGE, last = whole ? matching.length : Math.min(first + PAGE, matching.length);
    place.replaceChildren(...matching.slice(first, last).map(render));
    place.start = first + 1;
    if (hits !== undefined) {
      const words = [hits < all ? number(hits) + ' of ' + number(all) : number(all), nouns[0]];
      if (nouns[1]) words.push('of', number(matching.length), nouns[1]);
      status.textContent = words.join(' ') + (hits ? '' : ': nothing meets this filter');
    }
    shown.textContent = matching.length ? number(first + 1) + ' to ' + number(last) + ' of ' + number(matching.length) : '';
    pager.hidden = matching.length <= PAGE;
    for (const button of pager.querySelectorAll('button')) button.disabled = button.value < 0 ? page === 0 : page >= pages - 1;
  }
  function turn(step) {
    page = Math.min(Math.max(page + step, 0), Math.ceil(matching.length / PAGE) - 1);
    draw();
    section.querySelector('h2').scrollIntoView();
  }
  let waiting = 0;
  const update = () => { clearTimeout(waiting); waiting = setTimeout(() => { draw(choose()); remember(); }, 120); };
  search.addEventListener('input', update);
  for (const facet of facets) facet.addEventListener('change', update);
  form.addEventListener('submit', event => { event.preventDefault(); update(); });
  form.addEventListener('reset', () => setTimeout(update));
  for (const button of pager.querySelectorAll('button')) button.addEventListener('click', () => turn(Number(button.value)));

  function remember() {
    if (id !== 'changes') return;
    const all = [['q', search.value], ...facets.map(facet => [facet.name, facet.value])];
    const wanted = new URLSearchParams(all.filter(([, value]) => value));
    try { history.replaceState(null, '', '#' + wanted); } catch { /* a page without an address of its own keeps none */ }
  }
  function recall(wanted) {
    search.value = wanted.get('q') || '';
    for (const facet of facets) {
      facet.value = wanted.get(facet.name) || '';
      if (facet.selectedIndex < 0) facet.value = '';
    }
    draw(choose());
  }
  draw(choose());
  form.hidden = false;
  return {recall, print(on) { if (whole !== on) { whole = on; draw(); } }, section};
}

const lists = [
  list('findings', data.findings || [], 10, item => [item], finding, ['findings', '']),
  list('changes', data.accounts || [], 25, item => item.changes, account, ['changes', 'accounts'])].filter(Boolean);

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
if (expires && Date.parse(expires.dataset.expires) < Date.now()) expires.append(' ', badge('expired', 'bad'));
})();
"""
