/** Of the view. */
export const callsCss = `
.rv-calls .rv-row>*{overflow:hidden;text-overflow:ellipsis;flex:none}
.rv-calls .time{width:94px;font-family:var(--mono)}.rv-calls .state{width:66px}.rv-calls .rv-row>.name{flex:0 1 150px}.rv-calls .rv-row>.event{flex:0 1 220px}.rv-calls .rv-row>.key{flex:0 1 90px}
.rv-calls .args,.rv-calls .result{flex:11 1 0!important;min-width:40px}.rv-calls .result{flex-grow:9!important}.rv-calls .took{width:58px}
[data-state=failed] .state,[data-state=failed] .result{color:var(--bad)}[data-state=answered] .state,[data-state=sent] .state{color:var(--good)}
[data-state=pending] .state,[data-state=asked] .state{color:var(--warn)}[data-state=cancelled] .state{color:var(--dim)}
.rv-call{flex:2 1 0;overflow:auto;border-left:1px solid var(--line);overflow-wrap:anywhere}
.rv-facts{padding:4px 10px}.rv-facts h3,.rv-facts h4{margin:6px 0 4px;font-size:13px}.rv-facts p{margin:4px 0}
.rv-call pre{margin:0;padding:6px 8px;background:var(--bg2);white-space:pre-wrap;max-height:220px;overflow:auto}
.rv-form{border-top:1px solid var(--line)}.rv-form textarea{display:block;width:calc(100% - 16px);margin:6px 8px;resize:vertical}
.rv-form textarea[aria-invalid=true]{border-color:var(--bad)}.rv-form pre:empty{display:none}
.rv-listeners{list-style:none;margin:0;padding:4px 8px}.rv-listeners li{padding:2px 0}
@container (max-width:720px){.rv-calls .rv-row>.name,.rv-calls .rv-row>.event{flex-basis:110px}.rv-calls .rv-row>.key{flex-basis:40px}}
`
