/** Of what several of these views are made of; each of them has it in its own. */
export const partsCss = `
.rv-wire,.rv-renders,.rv-calls{height:100%}
.rv-table{flex:3 1 0;position:relative}.rv-table .rv-list{flex:2 1 0}.rv-table .bar~.rv-list{flex:1 1 0}.rv-table>.empty{flex:none}
.rv-graph{display:inline-flex;gap:6px;align-items:center;white-space:nowrap}.rv-graph .num{min-width:34px}
button.link{background:none;border:0;padding:0;color:var(--accent);text-decoration:underline}
[hidden]{display:none!important}
`
