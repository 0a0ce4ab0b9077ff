# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a report looks: light, dark, on a phone and on paper. It uses the fonts of the reader."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme:light dark; --page:#f5f6f8; --card:#fff; --text:#1b1f24; --muted:#545d68;
  --line:#d5dbe1; --link:#0a57a4; --field:#fff; --good:#17632f; --good-on:#e2f3e7; --bad:#9d101d;
  --bad-on:#fde7e8; --warn:#704400; --warn-on:#fff1cf; --info:#0a4b88; --info-on:#e3effb;
  --track:#e6eaee; --one:#2467b3; --two:#1f8a5b; --three:#b76e00; --four:#8250c4; --five:#0f8494;
  --six:#a83279; --del:#fdf0f0; --ins:#eef8f1;
}
@media (prefers-color-scheme:dark) {
  :root {
    --page:#0e1217; --card:#161b22; --text:#e4eaf0; --muted:#9ba7b4; --line:#2e3742;
    --link:#86bfff; --field:#0e1217; --good:#7fdfa0; --good-on:#10301c; --bad:#ffa9ae;
    --bad-on:#3f161a; --warn:#f0c969; --warn-on:#34290a; --info:#a0cdff; --info-on:#10283f;
    --track:#262e38; --one:#5d9fe8; --two:#43b883; --three:#d99a3a; --four:#a98be6; --five:#3fb3c2;
    --six:#d873ae; --del:#2b181b; --ins:#12261a;
  }
}
* { box-sizing:border-box }
[hidden] { display:none!important }
html { -webkit-text-size-adjust:100%; scroll-behavior:smooth }
body {
  margin:0; overflow-wrap:anywhere; background:var(--page); color:var(--text);
  font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;
}
.wide { max-width:75rem; margin:0 auto; padding-inline:1.25rem }
a { color:var(--link) }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible,
[tabindex]:focus-visible {
  outline:3px solid var(--link); outline-offset:2px;
}
h2:focus { outline:none }
h1,h2,h3,p,ul,ol,dl,dd,figure,table { margin:0 }
ul,ol { padding:0 }
h1 { font-size:1.75rem; line-height:1.2 }
h2 { font-size:1.25rem; line-height:1.3; margin-bottom:.75rem }
ol,ul { list-style:none }
table { border-collapse:collapse; width:100% }
th,td { text-align:start; vertical-align:top; font-weight:inherit; overflow-wrap:anywhere }
.unseen, .skip:not(:focus) {
  position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%);
  white-space:nowrap;
}
.skip:focus {
  position:absolute; left:1rem; top:.5rem; background:var(--card); padding:.5rem 1rem; z-index:2;
}
.head { padding-top:2rem; padding-bottom:1.25rem }
.muted,.kind,caption,figcaption { color:var(--muted) }
.kind { font-size:.875rem }
.verdict {
  display:inline-block; margin-top:.75rem; padding:.375rem .875rem; border-radius:.5rem;
  font-weight:600;
}
.contents { border-block:1px solid var(--line); background:var(--card) }
.contents ul { display:flex; flex-wrap:wrap; gap:.25rem 1.5rem; padding-block:.625rem }
section {
  background:var(--card); border:1px solid var(--line); border-radius:.75rem; padding:1.25rem;
  margin:1.25rem 0;
}
.tiles {
  display:grid; grid-template-columns:repeat(auto-fit,minmax(8rem,1fr)); gap:.75rem;
  margin-bottom:1.5rem;
}
.tiles div {
  border:1px solid var(--line); border-radius:.5rem; padding:.625rem .875rem; display:flex;
  flex-direction:column-reverse; justify-content:flex-end;
}
.tiles dt { color:var(--muted); font-size:.875rem; line-height:1.3 }
.tiles dd { font-size:1.5rem; font-weight:650; line-height:1.25; font-variant-numeric:tabular-nums }
.charts {
  display:grid; grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));
  gap:1.5rem 2.5rem; margin-bottom:1.5rem; align-items:start;
}
caption,figcaption { text-align:start; font-size:.875rem; padding-bottom:.375rem }
.bars th,.bars td { padding:.1875rem 0; vertical-align:middle }
.bars th { width:1%; min-width:8.5rem; padding-inline-end:.75rem }
.number { text-align:end; font-variant-numeric:tabular-nums; white-space:nowrap }
.bars .number { width:1%; padding-inline-end:.75rem; font-weight:600 }
svg { display:block; width:100%; height:.75rem; border-radius:.1875rem }
.drawn { min-width:6rem }
.track { fill:var(--track) }
.mark { fill:var(--text) }
.tone-one { fill:var(--one) }
.tone-two { fill:var(--two) }
.tone-three { fill:var(--three) }
.tone-four { fill:var(--four) }
.tone-five { fill:var(--five) }
.tone-six { fill:var(--six) }
.tone-good { fill:var(--good) }
.tone-bad { fill:var(--bad) }
.tone-warn { fill:var(--warn) }
.tone-info { fill:var(--info) }
.key-one { background:var(--one) }
.key-two { background:var(--two) }
.key-three { background:var(--three) }
.key-four { background:var(--four) }
.key-five { background:var(--five) }
.key-six { background:var(--six) }
.stacked svg { height:1.125rem }
.stacked ul { display:flex; flex-wrap:wrap; gap:.25rem 1.25rem; padding-top:.625rem }
.stacked li { min-width:0; max-width:100% }
.stacked span {
  display:inline-block; width:.75rem; height:.75rem; border-radius:.1875rem;
  margin-inline-end:.4375rem;
}
.line { height:1.5rem; width:6rem }
.line polyline { fill:none; stroke:var(--one); stroke-width:2; vector-effect:non-scaling-stroke }
.facts {
  display:grid; grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr)); gap:.5rem 2rem;
  font-size:.875rem;
}
.facts dt { color:var(--muted) }
.facts dd { overflow-wrap:anywhere }
.code {
  font-family:ui-monospace,"SF Mono",Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;
  font-size:.8125rem;
}
.table thead tr>* { color:var(--muted); font-size:.8125rem; border-bottom:1px solid var(--line) }
.table th,.table td { padding:.4375rem .875rem .4375rem 0; vertical-align:middle }
.table tbody tr+tr>* { border-top:1px solid var(--line) }
.scroll { overflow-x:auto }
.badge {
  display:inline-block; padding:0 .5rem; border-radius:1rem; font-size:.8125rem;
  line-height:1.5rem; font-weight:600; max-width:100%; background:var(--track); color:var(--text);
}
.good { background:var(--good-on); color:var(--good) }
.bad { background:var(--bad-on); color:var(--bad) }
.warn { background:var(--warn-on); color:var(--warn) }
.info { background:var(--info-on); color:var(--info) }
form { display:flex; flex-wrap:wrap; gap:.75rem; align-items:end; margin-bottom:.75rem }
label { display:flex; flex-direction:column; font-size:.8125rem; color:var(--muted); gap:.1875rem }
label { min-width:0; max-width:100% }
label.search { flex:1 1 16rem }
select { max-width:16rem }
input, select, button {
  font:inherit; font-size:1rem; color:var(--text); background:var(--field);
  border:1px solid var(--muted); border-radius:.375rem; padding:.375rem .625rem; min-height:2.5rem;
  max-width:100%;
}
::placeholder { color:var(--muted); opacity:1 }
input { width:100% }
button { cursor:pointer }
button:disabled { cursor:default; color:var(--muted); border-color:var(--line) }
.status { font-size:.875rem; color:var(--muted); margin-bottom:.75rem }
.pages { display:flex; flex-wrap:wrap; gap:.5rem; align-items:center; margin-top:1rem }
.items>li { border-top:1px solid var(--line); padding:1rem 0 }
.items h3 { font-size:1rem; line-height:1.4; overflow-wrap:anywhere }
.place { font-size:.8125rem; color:var(--muted); overflow-wrap:anywhere; margin-bottom:.5rem }
.diff { table-layout:fixed }
.diff thead th { color:var(--muted); font-size:.8125rem; padding:.125rem .75rem .125rem 0 }
.diff thead th:first-child { width:26% }
.diff tbody th,.diff tbody td { padding:.1875rem .75rem .1875rem 0; font-size:.9375rem }
.diff .act { padding-block:.25rem }
.diff tbody+tbody .act { padding-top:.625rem }
.act .badge { margin-inline-end:.5rem }
.act .why { color:var(--muted) }
.act .result { display:block }
.source { display:block; color:var(--muted); font-size:.75rem }
.old, .new {
  display:block; width:fit-content; max-width:100%; padding:0 .375rem; margin:0 0 .125rem -.375rem;
  border-radius:.25rem; overflow-wrap:anywhere; white-space:pre-wrap; unicode-bidi:isolate;
}
.old { background:var(--del) }
.new { background:var(--ins) }
.same { background:none; color:var(--muted) }
.finding { display:grid; grid-template-columns:6rem 1fr; gap:.125rem 1rem }
.items>.finding { padding:.625rem 0 }
.finding .place { margin:0 }
.finding>* { grid-column:2; overflow-wrap:anywhere }
.finding>.badge { grid-column:1; grid-row:1; justify-self:start; align-self:start }
footer { color:var(--muted); font-size:.8125rem; padding-bottom:2.5rem }
@media (min-width:40.01rem) {
  .table .number+:not(.number) { padding-inline-start:1.5rem }
}
@media (max-width:40rem) {
  .wide { padding-inline:.875rem }
  section { padding:1rem .875rem }
  .head { padding-block:1.25rem 1rem }
  .drawn { min-width:4rem }
  .finding { display:block }
  .finding>.badge { margin-bottom:.25rem }
  .tiles { grid-template-columns:repeat(2,1fr) }
  label,label.search { flex:1 1 100% }
  label:not(.search) { flex:1 1 40% }
  select { width:100%; max-width:100% }
  .diff thead, .limits thead {
    position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%);
  }
  .diff,.diff tbody,.limits,.limits tbody { display:block }
  .diff tr, .limits tr {
    display:grid; grid-template-columns:1fr 1fr; gap:0 .75rem; padding:.25rem 0;
  }
  .limits tbody tr+tr { border-top:1px solid var(--line) }
  .limits tbody tr+tr>* { border:0 }
  .limits tr { grid-template-columns:1fr 1fr }
  .limits th,.limits .wholly { grid-column:1/-1 }
  .limits td { padding:.125rem 0 }
  .limits .number { text-align:start }
  .diff th { grid-column:1/-1 }
  .diff td:empty { display:none }
  .limits caption { display:block }
  .diff tr:has(td:empty) { grid-template-columns:2fr 3fr }
  .diff tr:has(td:empty) th { grid-column:1 }
  .diff td:empty+td::before { display:none }
  .diff tbody th,.diff tbody td { padding:.0625rem 0 }
  [data-label]::before {
    content:attr(data-label); display:block; font-size:.75rem; color:var(--muted); font-weight:400;
  }
}
@media print {
  :root {
    color-scheme:light; --page:#fff; --card:#fff; --text:#000; --muted:#444; --line:#bbb;
    --link:#000; --good:#17632f; --good-on:#fff; --bad:#9d101d; --bad-on:#fff; --warn:#704400;
    --warn-on:#fff; --info:#0a4b88; --info-on:#fff; --del:#fff; --ins:#fff; --track:#ddd;
  }
  body { font-size:10pt }
  .wide { max-width:none; padding:0 }
  section { border:0; padding:0 }
  form,.pages,.contents,.skip { display:none }
  .items>li,.bars,.limits tr { break-inside:avoid }
  h2,h3 { break-after:avoid }
  svg,.badge,.stacked li { min-width:0; max-width:100% }
  .stacked span { print-color-adjust:exact; -webkit-print-color-adjust:exact }
  .badge { border:1px solid currentColor }
  a { text-decoration:none }
  .old { text-decoration:line-through }
  .old.same { text-decoration:none }
}
@media (forced-colors:active) {
  svg { forced-color-adjust:none }
  .badge,.verdict { border:1px solid }
}
@media (prefers-reduced-motion:reduce) {
  html { scroll-behavior:auto }
}
"""
