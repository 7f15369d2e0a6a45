export declare const showToUser: (text: string) => void
export declare const offerToTryAgain: () => void
export declare const report: (text: string) => void
