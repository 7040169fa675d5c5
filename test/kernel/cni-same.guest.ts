/** The CNI plugin beside the reference plugins: run by cni.test.js in user-mode Linux. */
import './cni/same.js'
