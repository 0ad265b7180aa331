import { strings } from '../../lib/strings.ts';
import classes from './import.module.css';

/** How to get an export out of the programs that can be imported. */
export function ExportGuide() {
  return (
    <div className={classes.guide}>
      {strings.imports.guide.map(({ app, steps }) => (
        <section key={app}>
          <h3 className={classes.guideTitle}>{app}</h3>
          <ol className={classes.guideSteps}>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
