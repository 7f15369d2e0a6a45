// Without the fonts of the default theme: those of the system are there already.
import theme from 'vitepress/theme-without-fonts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet gives nothing to assign
import './style.css'

export default theme
