/** Of the view. */
export const rendersCss = `
.rv-columns{height:24px;flex:none;border-bottom:1px solid var(--line);background:var(--bg2)}
.rv-columns button{background:none;border:0;padding:0;color:var(--dim);font-weight:600}
[aria-sort=ascending] button::after{content:" ↑"}[aria-sort=descending] button::after{content:" ↓"}
.rv-table .rv-row>*{overflow:hidden;text-overflow:ellipsis;flex:none}
.rv-renders .name{width:110px}.rv-renders .source{width:104px}.rv-renders .hook{width:84px}.rv-table .rv-row>.path{flex:1 1 0;min-width:60px}
.rv-table .n{width:56px}.rv-table .rv-row>.time{width:94px}.rv-table .size{width:70px}.rv-table .frames{flex:1 1 0}
.rv-renders .rv-table{flex:5 1 0}.rv-why{flex:3 1 0;overflow:auto;border-left:1px solid var(--line);padding:4px 10px;overflow-wrap:anywhere}
.rv-why h3,.rv-why h4{margin:8px 0 4px;font-size:13px}.rv-why p{margin:4px 0}.rv-why ol,.rv-why ul{margin:4px 0;padding-left:18px}
.rv-why summary{cursor:pointer}.rv-why details{display:inline-block;vertical-align:top;max-width:100%}.rv-in{border-left:2px solid var(--line);padding-left:8px}
.rv-why table{border-collapse:collapse;font-size:11px}.rv-why td{padding:1px 8px 1px 0;vertical-align:top;overflow-wrap:normal}.rv-why td:nth-child(-n+2){white-space:nowrap}.rv-in{overflow-x:auto}
@container (max-width:720px){.rv-renders .source,.rv-renders .hook{display:none}}
`
