/** Of what several of these views are made of; each of them has it in its own. */
export const partsCss = `
.rv-wire,.rv-renders,.rv-calls{height:100%;container-type:size}
@container (max-width:720px) and (min-height:520px){.split{flex-direction:column}}
.rv-table{flex:3 1 0;position:relative}.rv-table .rv-list{flex:2 1 0}.rv-table .bar~.rv-list{flex:1 1 0}.rv-table>.empty{flex:none}
.rv-graph{display:inline-flex;gap:6px;align-items:center;white-space:nowrap}.rv-graph .num{text-align:left;min-width:48px}
input[type=search]{width:190px}
[hidden]{display:none!important}
`
