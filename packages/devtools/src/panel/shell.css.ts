/** What is around the views, and shapes that several of them use. */
export const shellCss = `
:host{height:100%;min-height:0;overflow:hidden}
:host([hidden]),[hidden]{display:none!important}
.rv-shell{display:flex;flex-direction:column;height:100%;min-width:0;container-type:inline-size}
.rv-head{flex-wrap:nowrap;padding:0 8px;gap:8px;overflow-x:auto;scrollbar-width:thin;flex:none}
.rv-head>*{flex:none}.rv-head .grow{flex:1 1 auto}
.rv-tabs{display:flex}
@container (max-width:820px){.rv-head{flex-wrap:wrap;row-gap:0}.rv-head>*{margin-block:4px}.rv-tabs{order:1;flex:1 0 100%;margin:0;overflow-x:auto;scrollbar-width:thin}.rv-tab{flex:none}.rv-pick{max-width:40%}}
.rv-tab{background:none;border:0;border-bottom:2px solid transparent;border-radius:0;padding:6px 9px;color:var(--dim)}
.rv-tab:hover{color:var(--fg)}.rv-tab[aria-selected=true]{color:var(--fg);border-color:var(--accent)}
.rv-body{display:flex;flex-direction:column;flex:1;min-height:0;min-width:0}
.rv-pick{max-width:280px}
.rv-dot{display:inline-block;width:8px;height:8px;border-radius:50%;background:var(--dim);flex:none}
.rv-dot.good{background:var(--good)}.rv-dot.warn{background:var(--warn)}.rv-dot.bad{background:var(--bad)}
.rv-state{display:flex;gap:6px;align-items:center;color:var(--dim)}
.rv-splitter{flex:0 0 5px;cursor:col-resize;background:var(--bg2);border-inline:1px solid var(--line);touch-action:none}
.rv-splitter:hover,.rv-splitter:focus-visible{background:var(--accent)}
.rv-chip{display:inline-block;border:1px solid var(--line);border-radius:9px;padding:0 7px;background:var(--bg2);white-space:nowrap}
.rv-chip.good,.rv-chip.warn,.rv-chip.bad{border-color:currentColor}
.rv-scroll{overflow:auto;flex:1;min-height:0;padding:8px}
.rv-h{margin:12px 0 4px;font:600 11px/1.4 var(--sans);color:var(--dim);text-transform:uppercase;letter-spacing:.04em}
.rv-h:first-child{margin-top:0}
.rv-pairs{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:0}
.rv-pairs dt{color:var(--dim)}.rv-pairs dd{margin:0;overflow-wrap:anywhere;min-width:0}
.rv-link{background:none;border:0;padding:0;color:var(--accent);text-decoration:underline;text-align:left}
.rv-spark{display:block}
`
