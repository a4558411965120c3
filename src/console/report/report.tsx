import 'uplot/dist/uPlot.min.css'
import '../main.css'
import '../components/parts.css'
import './report.css'
import { render } from 'preact'
import { ReportDocument } from './report-document.tsx'

const told = document.getElementById('told')!.textContent
render(<ReportDocument {...JSON.parse(told)} />, document.getElementById('report')!)
