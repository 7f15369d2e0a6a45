/** Of the view, the parts of its neighbours that look alike included. */
export const wireCss = `
.rv-messages{flex:6 1 0;position:relative}.rv-detail{flex:5 1 0;border-left:1px solid var(--line);min-width:0;overflow:auto}
.rv-messages .empty{position:absolute;inset:0;pointer-events:none}
.rv-messages .rv-row>*{overflow:hidden;text-overflow:ellipsis;flex:none}
.rv-messages .time{width:94px;font-family:var(--mono)}.rv-messages .dir{width:50px}.rv-messages .kind{width:92px}
.rv-messages .what{flex:1 1 0;min-width:40px;font-family:var(--mono)}
.rv-messages .size{width:58px}.rv-messages .took{width:64px}.rv-messages .flag{width:14px}
[data-dir=in]>.dir{color:var(--in)}[data-dir=out]>.dir{color:var(--out)}[data-dir=page]>.dir{color:var(--good)}[data-dir=engine]>.dir{color:var(--dim)}
.rv-row.failed .what{color:var(--bad)}
.rv-chips{display:inline-flex;gap:4px;flex-wrap:wrap}
.rv-meta{display:flex;flex-wrap:wrap;gap:2px 14px;margin:0;padding:6px 8px}.rv-meta:empty{display:none}
.rv-meta div{display:flex;gap:5px;min-width:0}.rv-meta dd{margin:0;overflow-wrap:anywhere}
.rv-warns{margin:0;padding:0 8px 6px;list-style:none;max-height:30%;overflow:auto}.rv-warns:empty{display:none}
.rv-bytes{flex:1 0 auto;min-height:200px}.rv-bytes>.split{min-height:0}.rv-detail>*{flex-shrink:0}
.rv-bytes .split{flex-direction:column}.rv-bytes .bar{flex-wrap:nowrap;border-top:1px solid var(--line)}
.rv-bytes .says{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.rv-bytes .hex .rv-row{gap:0;border:0;background:none}
.hex .off{width:52px;color:var(--dim)}.hex .b{padding:0 2px;cursor:pointer;white-space:pre}.hex .text{margin-left:10px;white-space:pre;color:var(--dim)}
.hex .p1{background:var(--bg2)}.hex .p0{background:var(--bg3)}
.hex .hot,.rv-row.hot{background:color-mix(in srgb,var(--accent) 30%,transparent)}.hex .b.sel{background:var(--sel);box-shadow:inset 0 -2px var(--accent)}.hex .b.at{outline:1px solid var(--accent)}
.rv-bytes .path{color:var(--accent);overflow:hidden;text-overflow:ellipsis;flex:0 1 auto;font-family:var(--mono)}.rv-bytes .mean{flex:1 0 auto}
.rv-bytes .val{font-family:var(--mono);overflow:hidden;text-overflow:ellipsis;max-width:45%}.rv-bytes .off{width:64px;flex:none;color:var(--dim);font-family:var(--mono)}
@container (max-width:720px){.rv-messages .took,.rv-messages .kind{display:none}}
@container (max-width:720px) and (min-height:520px){.rv-detail{border-left:0;border-top:1px solid var(--line)}}
`
