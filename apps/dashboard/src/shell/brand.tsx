import icon from '../icon.svg'
import classes from './brand.module.css'

export function Brand() {
  return (
    <span className={classes['brand']}>
      <img src={icon} alt="" width={22} height={22} />
      <span className={classes['name']}>Headway</span>
    </span>
  )
}
