import './models/models.css'
import { useParams } from 'wouter-preact'
import { idOfPath } from '../state/movie-names.ts'
import { ComparePage } from './models/compare-page.tsx'
import { ModelsPage } from './models/models-page.tsx'
import { ReportPage } from './models/report-page.tsx'

/** All models, one, or two beside each other, as the address says. */
export function ModelPage() {
  const { '*': rest } = useParams()
  const [version, compare, other] = (rest ?? '').split('/').map(idOfPath)
  if (!version) return <ModelsPage />
  if (compare === 'compare' && other)
    return <ComparePage a={version} b={other} key={`${version} ${other}`} />
  return <ReportPage version={version} key={version} />
}
