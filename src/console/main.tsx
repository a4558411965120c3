import 'uplot/dist/uPlot.min.css'
import './main.css'
import { render } from 'preact'
import { Console } from './console.tsx'
import './state/theme.ts'

render(<Console />, document.getElementById('app')!)
